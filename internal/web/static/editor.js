// The item editor's comforts; without this script every one of them is a button
// of the form. The server draws the page; we exchange the parts that changed.
const form = document.querySelector('[data-editor]');
const panel = () => document.querySelector('[data-panel]');
let dirty = false, timer, asked = 0;

// ask posts the form as if the button act had been pressed, and returns the page.
async function ask(act) {
  const body = new FormData(form);
  body.delete('media_file'); // a file goes only with its own button
  body.set('aksi', act);
  const mine = ++asked;
  const r = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } });
  if (!r.ok && r.status !== 422) throw new Error(r.status);
  const page = new DOMParser().parseFromString(await r.text(), 'text/html');
  return mine === asked ? page : null; // a later question has been asked since
}

async function preview() {
  try {
    const fresh = (await ask('pratinjau'))?.querySelector('[data-panel]');
    if (fresh) panel().replaceChildren(...fresh.childNodes);
  } catch { /* the last good preview stays */ }
}

// redraw changes the form itself: another type, one row more or less.
async function redraw(act) {
  try {
    const page = await ask(act), fresh = page?.querySelector('[data-editor]');
    if (!fresh) { if (page) form.requestSubmit(); return; }
    const last = act.startsWith('tambah:') ? act.slice(7) : '';
    const top = scrollY, id = document.activeElement?.id;
    form.replaceChildren(...fresh.childNodes);
    panel().replaceChildren(...page.querySelector('[data-panel]').childNodes);
    begin();
    scrollTo(0, top);
    const rows = last ? form.querySelectorAll(`[name^="${last}_"]`) : [];
    (rows[rows.length - 1] ?? document.getElementById(id))?.focus();
  } catch { form.querySelector(`[value="${CSS.escape(act)}"]`)?.click(); }
}

function begin() {
  for (const p of form.querySelectorAll('[data-tanpa-js]')) p.hidden = true;
  for (const c of form.querySelectorAll('[data-kanvas]')) canvas(c);
}

if (form) {
  begin();
  form.addEventListener('input', e => {
    if (e.target.type === 'file') return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(preview, 700);
  });
  form.addEventListener('change', e => { if (e.target.name === 'type') { clearTimeout(timer); redraw('tipe'); } });
  form.addEventListener('click', e => {
    const b = e.target.closest('button[name="aksi"]');
    if (!b || !/^(tambah|hapus|naik|turun):/.test(b.value)) return;
    e.preventDefault();
    dirty = true;
    redraw(b.value);
  });
  form.addEventListener('submit', () => { dirty = false; });
  addEventListener('beforeunload', e => { if (dirty) e.preventDefault(); });
}

// canvas lets an area be drawn on the picture: drag with a pointer, or focus an
// area's field and use the arrow keys. The field's text is what counts.
function canvas(box) {
  const img = box.querySelector('img'), w = +box.dataset.w || img.naturalWidth, h = +box.dataset.h || img.naturalHeight;
  const fields = () => [...form.querySelectorAll('[data-daerah]')];
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${w} ${h}`);
  svg.setAttribute('aria-hidden', 'true');
  box.append(svg);
  const shape = text => {
    const [form, ...c] = text.trim().split(/[\s,;]+/), n = c.map(Number);
    const el = (name, attrs) => { const s = document.createElementNS(svg.namespaceURI, name); for (const k in attrs) s.setAttribute(k, attrs[k]); return s; };
    if (n.some(Number.isNaN)) return null;
    if (form === 'rect' && n.length === 4) return el('rect', { x: Math.min(n[0], n[2]), y: Math.min(n[1], n[3]), width: Math.abs(n[2] - n[0]), height: Math.abs(n[3] - n[1]) });
    if (form === 'circle' && n.length === 3) return el('circle', { cx: n[0], cy: n[1], r: n[2] });
    if (form === 'ellipse' && n.length === 4) return el('ellipse', { cx: n[0], cy: n[1], rx: n[2], ry: n[3] });
    if (form === 'poly' && n.length >= 6) return el('polygon', { points: n.join(' ') });
    return null;
  };
  const draw = () => svg.replaceChildren(...fields().map(f => shape(f.value)).filter(Boolean));
  const at = e => { const r = img.getBoundingClientRect(); return [Math.round((e.clientX - r.left) / r.width * w), Math.round((e.clientY - r.top) / r.height * h)].map((v, i) => Math.max(0, Math.min(v, i ? h : w))); };
  let from, into;
  box.addEventListener('pointerdown', e => {
    into = fields().find(f => f === document.activeElement) ?? fields().find(f => !f.value.trim());
    if (!into) return;
    e.preventDefault();
    from = at(e);
    box.setPointerCapture(e.pointerId);
  });
  box.addEventListener('pointermove', e => { if (from) { into.value = `rect ${[...from, ...at(e)].join(',')}`; draw(); } });
  box.addEventListener('pointerup', () => { if (from) into.dispatchEvent(new Event('input', { bubbles: true })); from = null; });
  form.addEventListener('input', e => { if ('daerah' in e.target.dataset) draw(); });
  form.addEventListener('keydown', e => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (!step || !e.altKey || !('daerah' in e.target.dataset)) return;
    const m = e.target.value.match(/^rect\s+(-?\d+),(-?\d+),(-?\d+),(-?\d+)$/);
    if (!m) return;
    e.preventDefault();
    const by = e.shiftKey ? 1 : 5, n = m.slice(1).map(Number);
    e.target.value = `rect ${n.map((v, i) => v + by * step[i % 2]).join(',')}`;
    e.target.dispatchEvent(new Event('input', { bubbles: true }));
  });
  draw();
}
