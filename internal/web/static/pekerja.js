// The service worker of the take page: it keeps the page of the open attempt
// and what that page is made of, so that a reload without network shows the
// form. The network goes first. Nothing else of a person is kept, and handing
// in and logging out throw it away.
const take = /^\/ikut\/[^/]+\/soal$/;
addEventListener('install', () => skipWaiting());
addEventListener('activate', e => e.waitUntil(clients.claim()));
// The page names what it is made of: its own address first.
addEventListener('message', e => e.waitUntil(keep(e.data)));
async function keep(urls) {
  const kept = await caches.open('cakap');
  for (const r of await kept.keys()) if (!urls.some(u => new URL(u, location).href === r.url)) await kept.delete(r);
  for (const u of urls) if (!await kept.match(u)) {
    const r = await fetch(u);
    if (r.ok && !r.redirected) await kept.put(u, r);
  }
}
addEventListener('fetch', e => {
  const u = new URL(e.request.url);
  if (e.request.method !== 'GET' || u.origin !== location.origin) return;
  if (e.request.mode === 'navigate') { if (take.test(u.pathname)) e.respondWith(page(e.request, u.pathname)); }
  else if (/^\/(aset|media)\//.test(u.pathname)) e.respondWith(caches.match(e.request).then(r => r || fetch(e.request)));
});
async function page(request, path) {
  const kept = await caches.open('cakap'), old = await kept.match(path);
  try {
    const r = await fetch(request, old && { signal: AbortSignal.timeout(10000) });
    if (r.ok) await kept.put(path, r.clone());
    return r.status >= 500 && old || r;
  } catch (e) {
    if (old) return old;
    throw e;
  }
}
