// The waiting room: what the device can do, the countdown in server seconds,
// and the button that comes alive when the turn comes.
const box = document.querySelector('[data-tunggu]');
const $ = s => document.querySelector(s);
const tell = (test, ok, word) => {
  const li = $(`[data-uji=${test}]`);
  if (!li) return;
  li.firstElementChild.className = 'tag ' + (ok ? 'check' : 'tri warn');
  li.querySelector('b').textContent = word;
};
const at = left => performance.now() + left * 1000;
const left = end => Math.max(0, Math.ceil((end - performance.now()) / 1000));
const span = s => (s >= 3600 ? Math.floor(s / 3600) + ' jam ' : '') + (s >= 60 ? Math.floor(s / 60) % 60 + ' menit ' : '') + (s < 3600 ? s % 60 + ' detik' : '');

let obstacle, bell, turn, why = '';
function hear(o, b, t) { obstacle = o; bell = at(b); turn = at(t); }

function show() {
  const count = $('[data-hitung]'), button = $('[data-mulai]'), said = $('#sebab');
  if (count) count.textContent = span(left(bell));
  const ready = !obstacle || obstacle === 'turn' && !left(turn);
  if (ready === !button.disabled) return;
  button.disabled = !ready;
  said.textContent = ready ? 'Giliran Anda. Silakan mulai; waktu berjalan setelah tombol ditekan.' : why;
  said.className = 'tag ' + (ready ? 'check' : 'half act');
}

async function knock() {
  const asked = performance.now();
  try {
    const r = await fetch(box.dataset.tunggu, { method: 'POST', headers: { Accept: 'application/json' }, cache: 'no-store' });
    if (r.status === 401) { location.reload(); return; }
    if (!r.ok) throw new Error(r.status);
    const k = await r.json(), took = performance.now() - asked, skew = Math.round((Date.now() - took / 2 - k.now) / 60000);
    if (k.going) { location.reload(); return; }
    tell('jaringan', true, took > 2000 ? 'lambat, tetapi cukup' : 'baik');
    tell('jam', !skew, skew ? `berbeda ${Math.abs(skew)} menit dari server; tidak berpengaruh, jam server yang berlaku` : 'cocok dengan server');
    if (k.why !== why && why && k.o) $('#sebab').textContent = k.why;
    why = k.why;
    hear(k.o, k.bell, k.turn);
    show();
  } catch { tell('jaringan', false, 'belum terhubung; halaman ini mencoba terus'); }
  // Those who wait for a word ask every 10 s, those who wait for a known moment
  // only to say that they are there; each a little off the others.
  const soon = obstacle === 'leave' || obstacle === 'event' || obstacle === 'bell' && left(bell) < 2;
  setTimeout(knock, (soon ? 8000 : 30000) * (1 + Math.random() / 2));
}

if (box) {
  let keeps = true;
  try { localStorage.setItem('cakap:uji', '1'); localStorage.removeItem('cakap:uji'); } catch { keeps = false; }
  tell('simpan', keeps, keeps ? 'dapat menyimpan jawaban saat jaringan putus' : 'tertutup (mode pribadi?); Anda tetap dapat mengerjakan, tetapi jangan tutup halaman');
  tell('peramban', 'structuredClone' in self && CSS.supports('selector(:has(a))'), 'structuredClone' in self ? 'mendukung' : 'lama; jawaban tetap tersimpan, perbarui bila sempat');
  const d = box.dataset;
  why = $('#sebab').textContent;
  hear(d.o, +d.bell, +d.turn);
  let before = obstacle === 'bell';
  setInterval(() => {
    if (before && !left(bell)) { before = false; knock(); } // the bell: is anything else missing?
    show();
  }, 500);
  show();
  knock();
}
