// Comforts of the bank's list and of the review: without this script every one
// of them is a link or a button of a form.

// Keys are off where the person says so: one letter alone must not do what
// nobody asked for.
const remembered = 'cakap.pintasan';
const keysOn = () => { try { return localStorage.getItem(remembered) !== 'mati'; } catch { return true; } };
const toggle = document.querySelector('[data-pintasan]');
if (toggle) {
  const box = toggle.querySelector('input');
  box.checked = keysOn();
  toggle.hidden = false;
  box.addEventListener('change', () => { try { localStorage.setItem(remembered, box.checked ? 'hidup' : 'mati'); } catch { /* for this page only */ } });
}
const typing = e => e.target.closest?.('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]');
addEventListener('keydown', e => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || typing(e) || !toggle?.querySelector('input').checked) return;
  if (e.key === '/') {
    const field = document.querySelector('[data-cari]');
    if (field) { e.preventDefault(); field.focus(); field.select(); }
    return;
  }
  const way = { j: 'next', k: 'prev' }[e.key.toLowerCase()];
  document.querySelector(`main a[rel="${way}"]`)?.click();
});

// The list changes without a new page: filters, states, pages.
const results = () => document.querySelector('[data-ganti="hasil"]');
let asked = 0;
async function show(url, remember) {
  const mine = ++asked;
  try {
    results().setAttribute('aria-busy', 'true');
    const r = await fetch(url, { headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await r.text(), 'text/html'), fresh = page.querySelector('[data-ganti="hasil"]');
    if (mine !== asked) return;
    if (!r.ok || !fresh) throw new Error(r.status);
    results().replaceWith(fresh);
    for (const field of page.querySelectorAll('[data-saring] [name]')) { // a chip taken away empties its field
      const ours = document.querySelector(`[data-saring] [name="${field.name}"]`);
      if (!ours) continue;
      if (field.type === 'checkbox') ours.checked = field.checked; else ours.value = field.value;
    }
    if (remember) history.pushState(null, '', url);
    document.querySelector('[data-hitung]').textContent = fresh.dataset.jumlah;
    begin();
  } catch { location.assign(url); }
}
const inList = a => a.origin === location.origin && a.pathname === location.pathname && a.closest('[data-ganti] .chips, [data-ganti] .tabs, [data-ganti] .pages');
addEventListener('click', e => {
  const a = e.target.closest('a[href]');
  if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || !inList(a)) return;
  e.preventDefault();
  const pages = a.closest('.pages');
  show(a.href, true).then(() => {
    const place = results();
    if (pages) scrollTo(0, place.getBoundingClientRect().top + scrollY - 16);
    (place.querySelector('.tabs [aria-current]') ?? place.querySelector('a'))?.focus({ preventScroll: true });
  });
});
const filters = document.querySelector('[data-saring]');
filters?.addEventListener('submit', e => {
  e.preventDefault();
  const asks = [...new FormData(filters)].filter(([, v]) => v !== '');
  show(filters.action + (asks.length ? '?' + new URLSearchParams(asks) : ''), true);
});
if (filters) addEventListener('popstate', () => show(location.href, false));

// The bar under the list says what a button will be for.
function begin() {
  const form = document.querySelector('[data-massal]');
  if (!form) return;
  const told = form.querySelector('[data-terpilih]'), whole = told.textContent, scope = form.querySelector('#cakupan');
  const boxes = form.querySelectorAll('[name="pilih"]');
  const tell = () => {
    const n = [...boxes].filter(b => b.checked).length;
    told.textContent = scope.value === 'semua' ? whole : n ? `${n} dicentang` : 'Belum ada yang dicentang';
  };
  const all = document.createElement('input'), label = document.createElement('label'), name = document.createElement('span');
  all.type = 'checkbox';
  name.className = 'vh';
  name.textContent = 'Centang semua di halaman ini';
  label.append(all, name);
  form.querySelector('thead .pick')?.replaceChildren(label);
  all.addEventListener('change', () => { for (const b of boxes) b.checked = all.checked; tell(); });
  form.addEventListener('change', tell);
  tell();
}
if (results()) begin();
