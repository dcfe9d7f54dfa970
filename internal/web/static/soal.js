// The take page and the review page. Everything here is comfort: without it
// each question is a form of its own and the server keeps the answers alike.
//
// What it must never do is lose an answer. Each change gets the next sequence
// number, lies in localStorage before anything else happens, and leaves it only
// when the server says that it is stored. The server takes the same entry twice
// as one, so sending again is always safe. What is rarely used lies in lapis.js,
// which comes after the first paint; nothing here needs it.

const page = document.querySelector('[data-attempt]');
const $ = (s, from = document) => from.querySelector(s);
const $$ = (s, from = document) => [...from.querySelectorAll(s)];
const root = document.documentElement;

// ---------- the outbox ----------

const KEY = 'cakap:';
const gone = $('[data-wipe]'); // the receipt: the answers are in, the phone keeps nothing
let memory = null;             // where the browser refuses to store (private mode, full disk)

// A box holds s: the last number given, q: entries to send, e: the epoch they
// belong to, x: numbers given up, k: the last entry of each position, and when
// the page was made (at) and its time ends (ends, by the phone's clock).
function load() {
  if (memory) return memory;
  try { return JSON.parse(localStorage.getItem(KEY + page.dataset.attempt)) || { s: 0, q: [] }; } catch { return { s: 0, q: [] }; }
}
let mirror = () => {};         // a second copy, once lapis.js is there
function store(box) {
  try { localStorage.setItem(KEY + page.dataset.attempt, JSON.stringify(box)); memory = null; } catch { memory = box; }
  mirror(box);
}
if (gone) {
  try { for (const k of Object.keys(localStorage)) if (k.startsWith(KEY)) localStorage.removeItem(k); } catch { /* nothing was stored either */ }
  try { indexedDB.deleteDatabase('cakap'); } catch { /* nor here */ }
  self.caches?.delete('cakap');
}

let lastSeq = page ? +page.dataset.seq : 0;
const pending = () => load().q;

// put adds one entry {n: position, s: sequence, v: value, d: doubt}. A long text
// takes the place of its earlier state, unless that has been tried (t): what
// the server may have keeps its number. Without a network it is not tried at
// every pause in typing, so that it does not fill the phone.
function put(n, v, d) {
  const box = load(), long = v.length > 30;
  const old = long && box.q.findLast(e => e.n === n);
  let e = old && !old.t && Object.assign(old, { v, d });
  box.e = page.dataset.epoch;
  if (!e) {
    lastSeq = Math.max(lastSeq, box.s) + 1; // another tab of this browser may have been first
    box.s = lastSeq;
    box.q.push(e = { n, s: lastSeq, v, d });
  }
  (box.k ||= {})[n] = { s: e.s, v, d };
  store(box);
  show();
  if (!long || !trouble || trouble === 'refused') send();
}
function drop(sent) {
  const box = load(), out = new Set(sent.map(e => e.s));
  box.q = box.q.filter(e => !out.has(e.s));
  store(box);
}

// giveUp takes out what the server will never take and notes its number, so
// that a submission does not wait for it.
function giveUp(entry) {
  const box = load();
  box.x = [...(box.x || []), entry.s];
  if (box.k?.[entry.n]?.s === entry.s) delete box.k[entry.n];
  store(box);
  drop([entry]);
}

// rebase follows a take-over and back: the other device has used the same
// numbers. What only this phone holds goes out under new ones; a question that
// was answered since keeps that answer.
function rebase() {
  const box = load();
  if (box.e === page.dataset.epoch) return;
  const last = new Map(box.q.map(e => [e.n, e]));
  box.q = [...last.values()].filter(e => !$(`.cells a[href$="#q${e.n}"] small`)?.textContent);
  box.k = {};
  for (const e of box.q) {
    e.s = ++lastSeq;
    delete e.t;
    box.k[e.n] = { s: e.s, v: e.v, d: e.d };
  }
  box.s = lastSeq;
  box.e = page.dataset.epoch;
  store(box);
}

// ---------- sending ----------

let most = 20; // entries in one request; one at a time after a refusal, to find which it is
let busy = false, wait = 0, timer = 0, savedAt = '', trouble = '', locked = '';

// take is the next entries to send: no more than a request may hold.
function take() {
  const box = load();
  let room = 40000, n = 0;
  for (const e of box.q.slice(0, most)) if (!n || (room -= e.v.length) > 0) { e.t = 1; n++; } else break;
  if (n) store(box);
  return box.q.slice(0, n);
}

let since = 0; // when trouble began
async function send(force) {
  if (!page || busy || locked === 'gone') return;
  clearTimeout(timer);
  const batch = take();
  if (!batch.length && !force) return show();
  busy = true;
  show();
  const stop = new AbortController(), late = setTimeout(() => stop.abort(), 15000);
  let again = true;
  try {
    const r = await fetch(page.dataset.save, {
      method: 'POST', signal: stop.signal, credentials: 'omit', referrer: '', cache: 'no-store',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: 'Bearer ' + page.dataset.bearer },
      body: JSON.stringify({ a: batch.map(({ n, s, v, d }) => ({ n, s, v, d })) }),
    });
    again = await answered(r, batch);
  } catch { trouble = 'net'; }
  clearTimeout(late);
  busy = false;
  since = trouble && (since || performance.now());
  if (!again && pending().length) { wait = 0; setTimeout(send, 0); }
  else if (again) { // 1, 2, 4 … 30 s with full jitter, so that a room does not come back as one
    wait = Math.min(wait ? wait * 2 : 1000, 30000);
    timer = setTimeout(send, Math.max(wait * (0.5 + Math.random() / 2), retryAfter));
  }
  retryAfter = 0;
  show();
}

let retryAfter = 0;
// answered handles one reply and says whether the batch must be sent again.
async function answered(r, batch) {
  if (r.ok) {
    const body = await r.json();
    drop(batch);
    if (!pending().length) most = 20;
    trouble = '';
    if (batch.length) savedAt = clock();
    sync(body.left, body.state, body.paused);
    if (body.state !== 'open') finish();
    return false;
  }
  if (r.status === 401) { trouble = 'login'; return true; }
  if (r.status === 429 || r.status >= 500) {
    trouble = 'busy';
    retryAfter = 1000 * (+r.headers.get('Retry-After') || 1) * (1 + Math.random());
    return true;
  }
  const why = await r.json().catch(() => ({}));
  if (why.type === 'assessment.taken_over') { lock('taken'); locked = 'gone'; return false; }
  if ((r.status === 409 || r.status === 404) && why.type !== 'assessment.locked_item') { lock('closed'); locked = 'gone'; return false; }
  if (batch.length > 1) most = 1; // one bad entry must not take its neighbours along
  else if (batch.length) giveUp(batch[0]);
  trouble = 'refused';
  return false;
}

// ---------- the clock: server seconds on a clock nobody can set ----------

let ends = 0, said = new Set(), over = false, paused = false;
function sync(left, state, stopped) {
  if (typeof left === 'number') {
    ends = performance.now() + left * 1000;
    paused = !!stopped;
    $('[data-jeda]').hidden = !paused;
    store(Object.assign(load(), { at: page.dataset.at, ends: Date.now() + left * 1000 }));
  }
  if (state === 'open' && left > 0) over = false;
}
// begin takes the time from the page, and says whether a service worker kept
// it: then its stamp is known, and it is older than it says.
function begin() {
  const box = load(), left = +page.dataset.left, old = box.at === page.dataset.at;
  sync(old ? Math.min(Math.max((box.ends - Date.now()) / 1000, 1), left) : left, page.dataset.state, 'paused' in page.dataset);
  return old;
}
const remaining = () => Math.max(0, Math.ceil((ends - performance.now()) / 1000));
function tick() {
  if (paused) ends += performance.now() - beat;
  beat = performance.now();
  const left = remaining(), box = $('.clock');
  if (!box) return;
  const h = Math.floor(left / 3600), two = x => String(x).padStart(2, '0');
  $('[data-clock]', box).textContent = (h ? h + ':' + two(Math.floor(left / 60) % 60) : Math.floor(left / 60)) + ':' + two(left % 60);
  box.classList.toggle('low', left <= 300);
  for (const m of [+page.dataset.half, 900, 300, 60]) {
    if (left <= m && left > m - 5 && !said.has(m)) {
      said.add(m);
      say(`${m == page.dataset.half ? 'Setengah waktu sudah berlalu. ' : ''}Sisa waktu ${Math.round(m / 60)} menit. ${open()} soal belum dijawab.`);
    }
  }
  if (left === 0 && !over && !paused) { over = true; flush(); lock('time'); send(true); }
}
let beat = performance.now();
function say(text) {
  const live = $('[data-live]');
  if (!live) return;
  live.textContent = text;
  setTimeout(() => { if (live.textContent === text) live.textContent = ''; }, 20000);
}
const clock = () => new Date().toLocaleTimeString('id-ID', { hour12: false }).replaceAll('.', ':');

// ---------- the questions ----------

const questions = $$('.q');
const first = +questions[0]?.id.slice(1), last = first + questions.length - 1; // a part of the form, or the whole
let current = first;
const form = n => $('form', $('#q' + n));
const doubt = n => $('[name=ragu]', form(n)).checked;
const known = [];
const parts = n => known[n] ||= $$('[data-part]', form(n)).sort((a, b) => a.dataset.i - b.dataset.i);
const ticked = el => $$('input:checked', el).map(i => i.value).sort().join('');
const rows = el => $$('[data-row]', el);

// read is the value of a part (assessment/value.go says how it is written), and
// whether nothing in it is left open.
function read(el) {
  let v;
  switch (el.dataset.part) {
    case 'pairs':
      v = rows(el).map(r => $('select', r)?.value ?? ticked(r));
      return [v.some(Boolean) ? v.join() : '', v.every(Boolean)];
    case 'order':
      v = rows(el).map(() => '-');
      for (const r of rows(el)) { const p = $('select', r).value; if (p) v[p - 1] = r.dataset.row; }
      v = v.join('');
      return [/[A-Z]/.test(v) ? v : '', !v.includes('-')];
    case 'text': v = el.value.normalize('NFC').trim(); break;
    default: v = ticked(el);
  }
  return [v, !!v];
}
const check = (el, v) => { for (const i of $$('input', el)) i.checked = v.includes(i.value); };
function write(el, v) {
  switch (el.dataset.part) {
    case 'pairs': v = v.split(','); rows(el).forEach((r, i) => { const s = $('select', r); if (s) s.value = v[i] || ''; else check(r, v[i] || ''); }); break;
    case 'order': for (const r of rows(el)) $('select', r).value = v.indexOf(r.dataset.row) + 1 || ''; break;
    case 'text': el.value = v; break;
    default: check(el, v);
  }
}
function value(n) {
  const v = parts(n).map(p => read(p)[0]);
  return v.length < 2 ? v[0] || '' : v.some(Boolean) ? v.map(x => x.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')).join('\n') : '';
}
const whole = n => parts(n).every(p => read(p)[1]);
function fill(n, v) {
  const p = parts(n), each = v.split('\n');
  p.forEach((el, i) => write(el, p.length < 2 ? v : (each[i] || '').replace(/\\(.)/g, (_, c) => c === 'n' ? '\n' : c)));
  seats(form(n));
}

// Each entry of an order has a place of its own: who takes another's gives the
// own in return.
function seats(f, taken) {
  const all = $$('[data-part=order] select', f);
  for (const s of all) if (taken && s !== taken && s.value && s.value === taken.value && s.closest('[data-part]') === taken.closest('[data-part]')) s.value = taken.dataset.was;
  for (const s of all) s.dataset.was = s.value;
}

// keep puts what a question now says, once. Texts wait for a pause in typing.
const where = document.createElement('p'); // where the answer of the open question lies
const kept = [];
let typing = 0, typed = 0;
function keep(n) {
  clearTimeout(typing);
  typed = 0;
  const v = value(n), d = doubt(n);
  if (kept[n] !== v + d) { kept[n] = v + d; put(n, v, d); }
}
const flush = () => typed && keep(typed);
function later(n) {
  typed = n;
  clearTimeout(typing);
  typing = setTimeout(flush, 800);
}

const open = () => questions.filter((_, i) => parts(i + first).length && !value(i + first)).length;

function go(n, focus = true) {
  if (!(n >= first && n <= last)) return;
  flush();
  current = n;
  for (const q of questions) q.classList.toggle('now', q.id === 'q' + n);
  $('[data-now]').textContent = n;
  $('.qextra', form(n)).before(where);
  document.title = document.title.replace(/\d+/, n);
  history.replaceState(null, '', '#q' + n);
  const list = $('#daftar');
  if (list.open) list.close();
  scrollTo(0, 0);
  if (focus) $('h1', $('#q' + n)).focus({ preventScroll: true });
  show();
}

function cells() {
  const waiting = new Set(pending().map(e => e.n));
  let done = 0, doubts = 0, asked = 0;
  const groups = {};
  for (let n = first; n <= last; n++) {
    const v = value(n), d = doubt(n), cell = $(`.cells a[href="#q${n}"]`), p = parts(n);
    const g = groups[questions[n - first].dataset.aspect] ||= [0, 0];
    if (p.length) { asked++; g[1]++; }
    if (v) { done++; g[0]++; }
    if (d) doubts++;
    const letters = p.length === 1 && p[0].dataset.part === 'choice';
    const [mark, word] = !p.length ? ['i', 'bacaan tanpa jawaban'] : !v ? ['', 'belum dijawab'] : !whole(n) ? ['½', 'terjawab sebagian']
      : letters ? [v, 'terjawab, pilihan ' + [...v].join(' dan ')] : ['✓', 'terjawab'];
    cell.className = [v && 'done', d && 'doubt', waiting.has(n) && 'wait'].filter(Boolean).join(' ');
    if (n === current) cell.setAttribute('aria-current', 'true'); else cell.removeAttribute('aria-current');
    $('small', cell).textContent = mark;
    $('.vh', cell).textContent = `, ${d ? 'ragu-ragu, ' : ''}${word}${waiting.has(n) ? ', menunggu dikirim' : ''}`;
  }
  for (const [a, [x, of]] of Object.entries(groups)) $(`[data-group="${a}"]`).textContent = `${x}/${of}`;
  $('[data-done]').textContent = done;
  $('[data-open]').textContent = asked - done;
  $('[data-doubts]').textContent = doubts;
  const bar = $('.qbar progress');
  bar.value = done;
  bar.setAttribute('aria-label', `${done} dari ${asked} soal sudah dijawab`);
  const here = waiting.has(current);
  // It has a line of its own at all times: a button that moves under a finger is missed.
  const [say, shape] = here ? ['Tersimpan di gawai, menunggu server', 'half'] : value(current) ? ['Tersimpan di server', 'check'] : ['Belum dijawab', 'ring'];
  where.textContent = say;
  where.className = 'small tag ' + shape;
  where.hidden = !parts(current).length;
  for (const a of $$('[data-for]', form(current))) a.classList.toggle('on', $('#' + a.dataset.for).checked);
  for (const o of $$('[data-most]', form(current))) o.hidden = $$('.opt :checked', form(current)).length <= o.dataset.most;
  for (const c of $$('[data-count]', form(current))) c.textContent = $('#' + c.dataset.count).value.length + ' dari';
}

function show() {
  if (!page) return;
  if (questions.length) cells();
  status();
  if (leaving && !pending().length) { // what waited for the network
    const f = leaving;
    leaving = null;
    f.requestSubmit();
  }
}
let leaving = null;
function status() {
  const n = pending().length, line = $('.net');
  if (!line) return;
  const tag = $('.tag', line), login = $('[data-login]');
  const [text, shape, off] =
    locked === 'gone' ? [$('[data-locked]').dataset.words || 'Asesmen ini sudah ditutup', 'ex', false]
    : n && memory ? [`Peramban ini tidak dapat menyimpan; ${n} jawaban menunggu. Jangan tutup halaman`, 'ex', true]
    : n && trouble === 'login' ? [`Masuk lagi untuk mengirim ${n} jawaban. Jawaban aman di gawai ini`, 'tri', true]
    : n && trouble && leaving ? ['Menunggu jaringan untuk lanjut. Jawaban aman di gawai ini', 'tri', true]
    : n && trouble ? [`${n} jawaban menunggu. Tersimpan di gawai ini; tetap lanjutkan`, 'tri', true]
    : trouble === 'refused' ? ['Satu jawaban tidak diterima; pilih lagi', 'ex', true]
    : n ? ['Menyimpan…', 'half', false]
    : savedAt ? [`Tersimpan di server ${savedAt}`, 'check', false]
    : [line.dataset.first, 'check', false];
  if (tag.textContent !== text) { tag.textContent = text; tag.className = 'tag ' + shape; }
  line.classList.toggle('off', off);
  if (login) login.hidden = trouble !== 'login';
}

// lock ends answering; what lies in the outbox still goes out.
function lock(why) {
  for (const f of $$('.q fieldset, .q .qextra')) { f.disabled = true; f.inert = true; }
  const box = $('[data-locked]');
  if (!box) return;
  const text = {
    time: 'Waktu habis. Jawaban Anda sedang dikirim; jangan tutup halaman ini.',
    closed: 'Asesmen ini sudah ditutup. Jawaban yang tersimpan di server aman.',
    taken: 'Asesmen ini dibuka di perangkat lain. Lanjutkan di sana, atau ambil alih lagi dari beranda.',
  }[why];
  box.dataset.words = text.split('. ')[0];
  $('p', box).textContent = text;
  box.hidden = false;
}
// finish sends the person on once nothing waits any more.
function finish() {
  lock('time');
  if (!pending().length) { locked = 'gone'; $('[data-finish]')?.requestSubmit(); }
}

// restore lays over the page what this phone knows better: what still waits,
// what another tab has changed, and, over a page that was kept for a reload
// without network, what the server has taken since.
function restore() {
  const { k = {} } = load();
  for (const n in k) {
    if (!questions[n - first] || k[n].s <= page.dataset.seq || n == typed) continue;
    if (value(n) !== k[n].v) fill(n, k[n].v);
    $('[name=ragu]', form(n)).checked = k[n].d;
    kept[n] = value(n) + k[n].d;
  }
}

function takePage() {
  root.classList.add('js');
  restore();
  for (let n = first; n <= last; n++) {
    const f = form(n);
    seats(f);
    kept[n] = value(n) + doubt(n);
    f.addEventListener('input', e => { if (e.target.matches('input.in, textarea')) { later(n); if ($('[data-count]', f)) cells(); } });
    f.addEventListener('change', e => { if (e.target.matches('[data-part=order] select')) seats(f, e.target); keep(n); });
    f.addEventListener('submit', e => { // "Simpan dan lanjut", "Sebelumnya", "Hapus jawaban"
      e.preventDefault();
      const b = e.submitter;
      if (b?.name === 'kosong') {
        fill(n, '');
        keep(n);
      } else if (b?.value === 'tinjau') location.href = $('[data-review]').href;
      else if (b?.value === 'maju') { keep(n); leaving = $('[data-onward]'); send(true); }
      else go(+(b?.value || n + 1));
    });
  }
  $('.cells') && document.addEventListener('click', e => {
    const a = e.target.closest('a[href^="#q"]'), area = e.target.closest('[data-for]');
    if (a) { e.preventDefault(); go(+a.hash.slice(2)); }
    if (area) $('#' + area.dataset.for).click();
  });
  addEventListener('hashchange', () => go(+location.hash.slice(2)));
  addEventListener('storage', e => { if (e.key === KEY + page.dataset.attempt) { restore(); show(); } });
  document.addEventListener('keydown', keys);
  addEventListener('pagehide', flush);
  go(Math.min(Math.max(+location.hash.slice(2) || first, first), last), false);
}

const off = what => { try { return localStorage.getItem(KEY + what); } catch { return ''; } };
function keys(e) {
  if (e.altKey && e.shiftKey && !e.ctrlKey) {
    const act = { n: () => go(current + 1), p: () => go(current - 1), r: () => $('[name=ragu]', form(current)).click(), l: () => $('.list-btn').click() }[e.key.toLowerCase()];
    if (act) { e.preventDefault(); act(); }
    return;
  }
  if (e.altKey || e.ctrlKey || e.metaKey || e.target.matches('input:not(.opt input), textarea, select') || $('dialog[open]')) return;
  if (off('tuts')) return;
  if (e.key === '?') $('.menu-b').click();
  const i = /^[a-l]$/i.test(e.key) && $(`.opt [name=jawab][value=${e.key.toUpperCase()}]`, form(current));
  if (i && !i.closest('fieldset').disabled) { i.click(); i.focus(); }
}

// The review page sends what is left before it lets the person submit, and
// tells the server the last sequence number, so that nothing can be missing.
function reviewPage(f) {
  const last = $('[name=terakhir]', f);
  last.value = Math.max(lastSeq, load().s);
  f.addEventListener('submit', () => { $('[name=tanpa]', f).value = (load().x || []).join(' '); });
  f.addEventListener('submit', async e => {
    if (!pending().length) return;
    e.preventDefault();
    leaving = f;
    await send(true);
    $('[data-waiting]').hidden = !pending().length;
  });
}

if (page) {
  rebase();
  const old = begin();
  if (questions.length) takePage();
  const f = $('form[data-submit]');
  if (f) reviewPage(f);
  show();
  tick();
  setInterval(tick, 500);
  send(old);
  addEventListener('online', () => { wait = 0; send(true); });
  document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); else { wait = 0; send(true); } });
  // Half a minute without a save asks for the time: an officer may have added
  // some, or stopped the clock.
  const ask = () => {
    if (!document.hidden && !pending().length) send(true);
    setTimeout(ask, (paused ? 8000 : 25000) * (1 + Math.random() / 2));
  };
  setTimeout(ask, 25000);
  addEventListener('beforeunload', e => { if (pending().length && (trouble || memory)) e.preventDefault(); });
  addEventListener('load', () => import(page.dataset.more).then(m => m.start({
    page, KEY, load, store, say, show, off, restore, mirrored: f => { mirror = f; }, silent: () => since && performance.now() - since,
  })).catch(() => {})); // comfort only
}
