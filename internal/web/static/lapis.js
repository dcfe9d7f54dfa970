// What the take page rarely needs, loaded after the first paint: a second copy
// of the outbox, the service worker, the menu, and the answer file.
const $ = (s, from = document) => from.querySelector(s);
const $$ = (s, from = document) => [...from.querySelectorAll(s)];

export function start(take) {
  copy(take);
  worker(take.page);
  menu(take);
  reports();
  for (const img of $$('.q img')) {
    img.loading = 'eager'; // the network may be gone when its question is shown
    img.addEventListener('error', () => broken(img));
    if (img.complete && !img.naturalWidth) broken(img);
  }
  setInterval(() => { const n = $('[data-putus]'); if (n) n.hidden = !(take.silent() > 60000 && take.load().q.length); }, 2000);
  for (const b of $$('[data-berkas]')) b.addEventListener('click', () => file(take));
}

// copy keeps the box in IndexedDB as well: where the browser refuses
// localStorage or has cleared it, a reload finds the answers there.
function copy({ page, load, store, restore, show, mirrored }) {
  const name = page.dataset.attempt;
  const open = indexedDB.open('cakap', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('kotak');
  open.onsuccess = () => {
    const box = write => open.result.transaction('kotak', write ? 'readwrite' : 'readonly').objectStore('kotak');
    const old = box().get(name);
    old.onsuccess = () => {
      const had = old.result, now = load();
      if (had?.e === page.dataset.epoch && had.s > now.s) {
        store(Object.assign(had, { q: had.q.concat(now.q), k: { ...had.k, ...now.k } }));
        restore();
        show();
      }
      mirrored(b => box(true).put(b, name));
    };
  };
}

// broken offers to fetch a picture again that a bad network did not bring.
function broken(img) {
  if (img.nextElementSibling?.matches('button')) return;
  const b = document.createElement('button');
  b.type = 'button';
  b.className = 'btn two';
  b.textContent = 'Muat ulang gambar';
  b.onclick = () => { b.remove(); img.src = img.src; };
  img.after(b);
}

// worker keeps this page for a reload without network.
function worker(page) {
  navigator.serviceWorker?.register(page.dataset.worker, { scope: '/ikut/' }).then(() => navigator.serviceWorker.ready).then(r => r.active.postMessage(
    [location.pathname, ...$$('link[rel=stylesheet], script[src], main img').map(e => e.href || e.src), page.dataset.more]), () => {});
}

function menu({ KEY, off }) {
  const f = $('[data-tampilan]'), root = document.documentElement;
  if (!f) return;
  f.addEventListener('submit', e => {
    e.preventDefault();
    const b = e.submitter;
    fetch(f.action, { method: 'POST', body: new URLSearchParams({ [b.name]: b.value }), redirect: 'manual' }).catch(() => {});
    if (b.name === 'teks') {
      root.dataset.teks = b.value;
      for (const o of $$('[name=teks]', f)) if (o === b) o.setAttribute('aria-current', 'true'); else o.removeAttribute('aria-current');
    } else {
      const high = b.value === 'tinggi';
      root.dataset.kontras = b.value;
      b.value = high ? 'biasa' : 'tinggi';
      b.textContent = high ? 'Kontras biasa' : 'Kontras tinggi';
    }
  });
  for (const i of $$('[data-atur]')) {
    i.checked = off(i.dataset.atur);
    const set = () => root.classList.toggle('tanpa-' + i.dataset.atur, i.checked);
    set();
    i.addEventListener('change', () => {
      set();
      try { localStorage.setItem(KEY + i.dataset.atur, i.checked ? 1 : ''); } catch { /* for this page only */ }
    });
  }
}

// reports go out without leaving the page.
function reports() {
  for (const d of $$('.lapor')) d.addEventListener('submit', async e => {
    e.preventDefault();
    const said = $('p', d) || d.appendChild(document.createElement('p'));
    said.setAttribute('role', 'status');
    let ok = false;
    try {
      const body = new URLSearchParams(new FormData(e.target));
      body.set('diam', 1);
      const r = await fetch(e.target.action, { method: 'POST', body, headers: { Accept: 'application/json' } });
      await r.text();
      ok = r.ok;
    } catch { /* no network */ }
    said.textContent = ok ? 'Laporan diterima pengawas. Lanjutkan mengerjakan.' : 'Laporan belum terkirim. Coba lagi saat jaringan kembali, atau beri tahu pengawas.';
    if (ok) e.target.reset();
  });
}

// file saves what waits on this phone, for an officer to upload.
function file({ page: { dataset: { code, file: token } }, load }) {
  const q = load().q, said = $('[data-berkas-kata]');
  if (!q.length) { said.textContent = 'Semua jawaban sudah di server; tidak perlu berkas.'; return; }
  const text = JSON.stringify({ format: 'cakap-jawaban', version: 1, code, saved: new Date().toISOString(), token, entries: q.map(({ n, s, v, d }) => ({ n, s, v, d })) });
  const a = document.createElement('a');
  a.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  a.download = `cakap-jawaban-${code}.jawaban`;
  a.click();
  said.textContent = `Berkas ${a.download} tersimpan. Serahkan kepada pengawas bila jaringan tidak kembali.`;
}
