// The take page and the review page. Everything here is comfort: without it
// each question is a form of its own and the server keeps the answers alike.
//
// What it must never do is lose an answer. Each change gets the next sequence
// number, lies in localStorage before anything else happens, and leaves it only
// when the server says that it is stored. The server takes the same entry twice
// as one, so sending again is always safe.

const page = document.querySelector('[data-attempt]');
const $ = (s, from = document) => from.querySelector(s);
const $$ = (s, from = document) => [...from.querySelectorAll(s)];
const root = document.documentElement;

// ---------- the outbox ----------

const KEY = 'cakap:';
const gone = $('[data-wipe]'); // the receipt: the answers are in, the phone keeps nothing
let memory = null;             // where the browser refuses to store (private mode, full disk)

function load() {
  if (memory) return memory;
  try { return JSON.parse(localStorage.getItem(KEY + page.dataset.attempt)) || { s: 0, q: [] }; } catch { return { s: 0, q: [] }; }
}
function store(box) {
  try { localStorage.setItem(KEY + page.dataset.attempt, JSON.stringify(box)); memory = null; } catch { memory = box; }
}
if (gone) try { localStorage.removeItem(KEY + gone.dataset.wipe); } catch { /* nothing was stored either */ }

let lastSeq = page ? +page.dataset.seq : 0;
const pending = () => load().q;

// put adds one entry {n: position, s: sequence, v: letters, d: doubt}.
function put(n, v, d) {
  const box = load();
  lastSeq = Math.max(lastSeq, box.s) + 1;
  box.s = lastSeq;
  box.e = page.dataset.epoch;
  box.q.push({ n, s: lastSeq, v, d });
  store(box);
  show();
  send();
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
  store(box);
  drop([entry]);
}

// rebase follows a take-over and back: the other device has used the same
// numbers. What only this phone holds goes out under new ones; a question that
// was answered since keeps that answer.
function rebase() {
  const box = load();
  if (!box.q.length || box.e === page.dataset.epoch) return;
  const last = new Map(box.q.map(e => [e.n, e]));
  box.q = [...last.values()].filter(e => !$(`.cells a[href$="#q${e.n}"] small`)?.textContent);
  for (const e of box.q) e.s = ++lastSeq;
  box.s = lastSeq;
  box.e = page.dataset.epoch;
  store(box);
}

// ---------- sending ----------

let most = 20; // entries in one request; one at a time after a refusal, to find which it is
let busy = false, wait = 0, timer = 0, savedAt = '', trouble = '', locked = '';

async function send(force) {
  if (!page || busy || locked === 'gone') return;
  clearTimeout(timer);
  const batch = pending().slice(0, most);
  if (!batch.length && !force) return show();
  busy = true;
  show();
  const stop = new AbortController(), late = setTimeout(() => stop.abort(), 15000);
  let again = true;
  try {
    const r = await fetch(page.dataset.save, {
      method: 'POST', signal: stop.signal, credentials: 'same-origin', cache: 'no-store',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: 'Bearer ' + page.dataset.bearer },
      body: JSON.stringify({ a: batch }),
    });
    again = await answered(r, batch);
  } catch { trouble = 'net'; }
  clearTimeout(late);
  busy = false;
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
    sync(body.left, body.state);
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
  if (r.status === 409 || r.status === 404) { lock('closed'); locked = 'gone'; return false; }
  if (batch.length > 1) most = 1; // one bad entry must not take its neighbours along
  else if (batch.length) giveUp(batch[0]);
  trouble = 'refused';
  return false;
}

// ---------- the clock: server seconds on a clock nobody can set ----------

let ends = 0, said = new Set(), over = false;
function sync(left, state) {
  if (typeof left === 'number') ends = performance.now() + left * 1000;
  if (state === 'open' && left > 0) over = false;
}
const remaining = () => Math.max(0, Math.ceil((ends - performance.now()) / 1000));
function tick() {
  const left = remaining(), box = $('.clock');
  if (!box) return;
  const h = Math.floor(left / 3600), two = x => String(x).padStart(2, '0');
  $('[data-clock]', box).textContent = (h ? h + ':' + two(Math.floor(left / 60) % 60) : Math.floor(left / 60)) + ':' + two(left % 60);
  box.classList.toggle('low', left <= 300);
  for (const m of [15, 5, 1]) {
    if (left <= m * 60 && left > m * 60 - 5 && !said.has(m)) {
      said.add(m);
      say(`Sisa waktu ${m} menit. ${open()} soal belum dijawab.`);
    }
  }
  if (left === 0 && !over) { over = true; lock('time'); send(true); }
}
function say(text) {
  const live = $('[data-live]');
  if (!live) return;
  live.textContent = text;
  setTimeout(() => { if (live.textContent === text) live.textContent = ''; }, 20000);
}
const clock = () => new Date().toLocaleTimeString('id-ID', { hour12: false }).replaceAll('.', ':');

// ---------- the questions ----------

const questions = $$('.q');
const total = questions.length;
let current = 1;
const form = n => $('form', $('#q' + n));
const value = n => $$('[name=jawab]:checked', form(n)).map(i => i.value).sort().join('');
const doubt = n => $('[name=ragu]', form(n)).checked;
const open = () => questions.filter((_, i) => !value(i + 1)).length;

function go(n, focus = true) {
  if (n < 1 || n > total) return;
  current = n;
  for (const q of questions) q.classList.toggle('now', q.id === 'q' + n);
  $('[data-now]').textContent = n;
  document.title = `Soal ${n} dari ${total} – Cakap`;
  history.replaceState(null, '', '#q' + n);
  const list = $('#daftar');
  if (list.open) list.close();
  scrollTo(0, 0);
  if (focus) $('.stem', $('#q' + n)).focus({ preventScroll: true });
  show();
}

const words = { true: 'terjawab', false: 'belum dijawab' };
function cells() {
  const waiting = new Set(pending().map(e => e.n));
  let done = 0, doubts = 0;
  const groups = {};
  for (let n = 1; n <= total; n++) {
    const v = value(n), d = doubt(n), cell = $(`.cells a[href="#q${n}"]`);
    const g = groups[questions[n - 1].dataset.aspect] ||= [0, 0];
    g[1]++;
    if (v) { done++; g[0]++; }
    if (d) doubts++;
    cell.className = [v && 'done', d && 'doubt', waiting.has(n) && 'wait'].filter(Boolean).join(' ');
    if (n === current) cell.setAttribute('aria-current', 'true'); else cell.removeAttribute('aria-current');
    $('small', cell).textContent = v;
    $('.vh', cell).textContent = `, ${d ? 'ragu-ragu, ' : ''}${words[!!v]}${v ? ', pilihan ' + [...v].join(' dan ') : ''}${waiting.has(n) ? ', menunggu dikirim' : ''}`;
  }
  for (const [a, [x, of]] of Object.entries(groups)) $(`[data-group="${a}"]`).textContent = `${x}/${of}`;
  $('[data-done]').textContent = done;
  $('[data-open]').textContent = total - done;
  $('[data-doubts]').textContent = doubts;
  const bar = $('.qbar progress');
  bar.value = done;
  bar.setAttribute('aria-label', `${done} dari ${total} soal sudah dijawab`);
}

function show() {
  if (!page) return;
  if (total) cells();
  status();
}
function status() {
  const n = pending().length, line = $('.net');
  if (!line) return;
  const tag = $('.tag', line), login = $('[data-login]');
  const [text, shape, off] =
    locked === 'gone' ? [$('[data-locked]').dataset.words || 'Asesmen ini sudah ditutup', 'ex', false]
    : n && memory ? [`Peramban ini tidak dapat menyimpan; ${n} jawaban menunggu. Jangan tutup halaman`, 'ex', true]
    : n && trouble === 'login' ? [`Masuk lagi untuk mengirim ${n} jawaban. Jawaban aman di gawai ini`, 'tri', true]
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

// restore lays what this phone still holds over what the server rendered.
function restore() {
  for (const e of pending()) {
    if (!questions[e.n - 1]) continue;
    for (const i of $$('[name=jawab]', form(e.n))) i.checked = e.v.includes(i.value);
    $('[name=ragu]', form(e.n)).checked = e.d;
  }
}

function takePage() {
  root.classList.add('js');
  restore();
  for (let n = 1; n <= total; n++) {
    const f = form(n);
    f.addEventListener('change', () => put(n, value(n), doubt(n)));
    f.addEventListener('submit', e => { // "Simpan dan lanjut", "Sebelumnya", "Hapus jawaban"
      e.preventDefault();
      const b = e.submitter;
      if (b?.name === 'kosong') {
        for (const i of $$('[name=jawab]', f)) i.checked = false;
        put(n, '', doubt(n));
      } else if (b?.value === 'tinjau') location.href = $('[data-review]').href;
      else go(+(b?.value || n + 1));
    });
  }
  $('.cells') && document.addEventListener('click', e => {
    const a = e.target.closest('a[href^="#q"]');
    if (a) { e.preventDefault(); go(+a.hash.slice(2)); }
  });
  addEventListener('hashchange', () => go(+location.hash.slice(2) || 1));
  document.addEventListener('keydown', keys);
  go(Math.min(Math.max(+location.hash.slice(2) || 1, 1), total), false);
}

function keys(e) {
  if (e.altKey && e.shiftKey && !e.ctrlKey) {
    const act = { n: () => go(current + 1), p: () => go(current - 1), r: () => $('[name=ragu]', form(current)).click(), l: () => $('.list-btn').click() }[e.key.toLowerCase()];
    if (act) { e.preventDefault(); act(); }
    return;
  }
  if (e.altKey || e.ctrlKey || e.metaKey || e.target.matches('input:not([name=jawab]), textarea, select') || $('dialog[open]')) return;
  const i = /^[a-f]$/i.test(e.key) && $(`[name=jawab][value=${e.key.toUpperCase()}]`, form(current));
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
    await send(true);
    if (!pending().length) f.requestSubmit();
    else $('[data-waiting]').hidden = false;
  });
}

if (page) {
  sync(+page.dataset.left, page.dataset.state);
  rebase();
  if (total) takePage();
  const f = $('form[data-submit]');
  if (f) reviewPage(f);
  show();
  tick();
  setInterval(tick, 500);
  send();
  addEventListener('online', () => { wait = 0; send(true); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { wait = 0; send(true); } });
  // A minute without a save asks for the time: an officer may have added some.
  setInterval(() => { if (!document.hidden && !pending().length) send(true); }, 55000 + Math.random() * 10000);
  addEventListener('beforeunload', e => { if (pending().length && (trouble || memory)) e.preventDefault(); });
}
