// Small comforts of every page; all of it works without them: links that open
// a dialog, "show password", a form that says it is busy, the error summary's
// focus, and parts of a page that refresh themselves.
addEventListener('click', e => {
  const t = e.target.closest('[data-dialog],[data-tutup],[data-lihat],[data-salin],[data-cetak]');
  if (!t) return;
  if (t.dataset.dialog) {
    const d = document.getElementById(t.dataset.dialog);
    if (d?.showModal) { e.preventDefault(); d.close(); d.showModal(); }
  } else if (t.dataset.lihat) {
    const i = document.getElementById(t.dataset.lihat), on = i.type === 'password';
    i.type = on ? 'text' : 'password';
    t.textContent = on ? 'Sembunyikan' : 'Tampilkan';
    t.setAttribute('aria-pressed', on);
  } else if (t.dataset.salin) {
    navigator.clipboard?.writeText(document.getElementById(t.dataset.salin).textContent).then(() => { t.textContent = 'Tersalin'; });
  } else if ('cetak' in t.dataset) print();
  else { e.preventDefault(); t.closest('dialog').close(); }
});
addEventListener('submit', e => {
  const b = e.submitter;
  if (/\/keluar$/.test(e.target.action)) self.caches?.delete('cakap'); // the page that the service worker kept
  if (b?.dataset.sibuk) setTimeout(() => { b.setAttribute('aria-disabled', 'true'); b.textContent = b.dataset.sibuk; }, 0);
});
document.querySelector('.errs')?.focus();

// The QR code of an exam card opens the login with number and code behind the
// #, which no server sees. They go into the form, and out of the address before
// the browser's history or a screenshot keeps them.
const scanned = location.pathname === '/masuk/kode' && /^#([\w.%-]+)\.(\w+)$/.exec(location.hash);
if (scanned) {
  try {
    document.getElementById('nip').value = decodeURIComponent(scanned[1]);
    document.getElementById('kode').value = scanned[2];
    history.replaceState(null, '', location.pathname);
    document.querySelector('main form .btn').focus();
  } catch { /* no card of ours: people type */ }
}
for (const a of document.querySelectorAll('.tabs [aria-current]')) { // on a phone the open tab may lie outside
  const row = a.closest('ul');
  row.scrollLeft = a.offsetLeft - row.offsetLeft - (row.clientWidth - a.offsetWidth) / 2;
}

// data-segar="10": fetch this page again every so many seconds and replace the
// marked part, while the tab is seen and the person has not paused it.
const live = document.querySelector('[data-segar]');
if (live) {
  const every = +live.dataset.segar * 1000;
  let paused = false;
  addEventListener('click', e => {
    const b = e.target.closest('[data-jeda]');
    if (b) { paused = !paused; b.textContent = paused ? 'Lanjutkan pembaruan' : 'Jeda pembaruan'; }
  });
  const refresh = async () => {
    if (!paused && !document.hidden) {
      const note = document.querySelector('[data-terakhir]');
      try {
        const r = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
        if (!r.ok) throw new Error(r.status);
        const fresh = new DOMParser().parseFromString(await r.text(), 'text/html').querySelector('[data-segar]');
        if (fresh && !live.contains(document.activeElement)) live.replaceChildren(...fresh.childNodes);
        if (note) note.textContent = 'Diperbarui ' + new Date().toLocaleTimeString('id-ID');
      } catch { if (note) note.textContent = 'Pembaruan terhenti. Menghubungkan kembali…'; }
    }
    setTimeout(refresh, every * (0.8 + Math.random() * 0.4));
  };
  setTimeout(refresh, every);
}
