// The proctor's console renews itself: the page is fetched again every few
// seconds and compared row by row. A row keeps its place while somebody is
// within it, ticks and open menus stay, and only new reports are spoken.
const region = document.querySelector('[data-konsol]');
const stamp = document.querySelector('[data-terakhir]'), news = document.querySelector('[data-kabar]'), stop = document.querySelector('[data-henti]');
const every = +region.dataset.konsol * 1000;
let paused = false, timer = 0, minute = stamp.dataset.menit, spoken = 0, waiting = new Set(), before = keys('[data-kartu]');

function keys(within) { return new Set([...document.querySelectorAll(`${within} > [data-k]`)].map(e => e.dataset.k)); }
const busy = e => e.contains(document.activeElement) || e.querySelector('details[open]');

// renew makes old's cells those of fresh, but for what somebody is using.
function renew(old, fresh) {
  if (old.className !== fresh.className) old.className = fresh.className;
  [...old.children].forEach((cell, i) => {
    const other = fresh.children[i];
    if (other && !cell.matches('.pick') && !busy(cell) && !cell.isEqualNode(other)) cell.replaceWith(document.importNode(other, true));
  });
}

// list brings a list of keyed children up to date. Nothing moves while the
// focus is among them.
function list(old, fresh, whole) {
  if (!old || !fresh) return;
  const have = new Map([...old.children].map(e => [e.dataset.k, e])), still = old.contains(document.activeElement);
  let last = null;
  for (const f of [...fresh.children]) {
    let e = have.get(f.dataset.k);
    have.delete(f.dataset.k);
    if (!e) { e = document.importNode(f, true); if (still) old.append(e); }
    else if (whole ? !busy(e) && !e.isEqualNode(f) : true) { if (whole) { const n = document.importNode(f, true); e.replaceWith(n); e = n; } else renew(e, f); }
    if (!still && (last ? last.nextElementSibling : old.firstElementChild) !== e) last ? last.after(e) : old.prepend(e);
    last = e;
  }
  for (const e of have.values()) if (!busy(e)) e.remove();
}

function text(selector, page) {
  const a = document.querySelector(selector), b = page.querySelector(selector);
  if (a && b && a.textContent !== b.textContent) a.textContent = b.textContent;
}

// tell speaks of new reports, at most once in fifteen seconds.
function tell() {
  const now = keys('[data-kartu]');
  for (const k of now) if (!before.has(k)) waiting.add(k);
  before = now;
  if (waiting.size && Date.now() - spoken > 15000) {
    news.textContent = `${waiting.size} laporan masalah soal baru.`;
    spoken = Date.now();
    waiting.clear();
  }
}

async function look() {
  clearTimeout(timer);
  if (!paused && !document.hidden) {
    try {
      const r = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store', signal: AbortSignal.timeout(15000) });
      if (!r.ok || r.redirected) throw new Error(r.status);
      const page = new DOMParser().parseFromString(await r.text(), 'text/html'), fresh = page.querySelector('[data-konsol]');
      const mark = page.querySelector('[data-terakhir]');
      list(region.querySelector('.status'), fresh.querySelector('.status'), false);
      for (const b of fresh.querySelectorAll('.status [data-k] b')) { // a chip in use keeps its place, and counts on
        const mine = region.querySelector(`.status [data-k="${b.closest('[data-k]').dataset.k}"] b`);
        if (mine && mine.textContent !== b.textContent) mine.textContent = b.textContent;
      }
      list(region.querySelector('[data-ruang]'), fresh.querySelector('[data-ruang]'), true);
      list(region.querySelector('[data-kartu]'), fresh.querySelector('[data-kartu]'), true);
      const rows = region.querySelector('.kons tbody'), others = fresh.querySelector('.kons tbody');
      if (!rows !== !others && !region.contains(document.activeElement)) location.reload();
      list(rows, others, false);
      text('[data-jumlah]', page);
      text('[data-masalah]', page);
      text('[data-akhir]', page);
      region.querySelector('[data-kosong]').hidden = keys('[data-kartu]').size > 0;
      tell();
      stamp.textContent = mark.textContent;
      minute = mark.dataset.menit;
      stamp.classList.remove('stale');
    } catch {
      stamp.textContent = `Pembaruan terhenti sejak ${minute}. Menghubungkan kembali…`;
      stamp.classList.add('stale');
    }
  }
  timer = setTimeout(look, every * (0.9 + Math.random() * 0.2));
}

stop.hidden = false;
stop.addEventListener('click', () => {
  paused = !paused;
  stop.textContent = paused ? 'Lanjutkan pembaruan' : 'Jeda pembaruan';
  if (paused) stamp.textContent = `Pembaruan dijeda sejak ${minute}`; else look();
});
document.querySelector('[data-muat]').addEventListener('click', e => { e.preventDefault(); paused = false; stop.textContent = 'Jeda pembaruan'; look(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
const all = document.querySelector('[data-centang]');
if (all) {
  all.hidden = false;
  all.addEventListener('click', () => {
    const boxes = [...document.querySelectorAll('.kons [name=p]')], on = boxes.some(b => !b.checked);
    for (const b of boxes) b.checked = on;
    all.textContent = on ? 'Kosongkan centang' : 'Centang semua di halaman ini';
  });
}
timer = setTimeout(look, every);
