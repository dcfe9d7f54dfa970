// What the take page costs a phone, measured on the wire of a real browser.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, login, onServer, prepare, until } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('the budgets of the take page', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const page = await open(browser, phone);
  await login(page, server.url, who.waiting[0], who.password);
  await prepare(page);
  await begin(page);
  await until(page, async () => (await (await caches.open('cakap')).keys()).length >= 6); // everything it ever loads
  const cookie = (await page.context().cookies()).map(c => `${c.name}=${c.value}`).join('; ');
  const address = new URL(page.url());

  // ask sends one request by hand and counts every byte both ways.
  const ask = (path, { method = 'GET', headers = {}, body = '' } = {}) => new Promise((done, failed) => {
    const r = http.request(new URL(path, server.url), { method, headers: { 'Accept-Encoding': 'gzip', ...headers, ...(body && { 'Content-Length': Buffer.byteLength(body) }) } }, answer => {
      let bytes = 0;
      answer.on('data', b => { bytes += b.length; });
      answer.on('end', () => {
        const lines = raw => raw.reduce((n, text, i) => n + Buffer.byteLength(text) + (i % 2 ? 2 : 2), 2);
        const sent = Buffer.byteLength(`${method} ${path} HTTP/1.1\r\n`) + lines(Object.entries(r.getHeaders()).flatMap(([k, v]) => [k, String(v)])) + Buffer.byteLength(body);
        done({ status: answer.statusCode, body: bytes, sent, got: Buffer.byteLength(`HTTP/1.1 ${answer.statusCode} OK\r\n`) + lines(answer.rawHeaders) + bytes });
      });
    });
    r.on('error', failed);
    r.end(body);
  });

  await t.test('the document of forty questions', async () => {
    const doc = await ask(address.pathname, { headers: { Cookie: cookie } });
    console.log(`take page, 40 items: ${doc.body} bytes compressed of 30720`);
    assert.equal(doc.status, 200);
    assert.ok(doc.body <= 30 << 10, `${doc.body} bytes`);
  });

  await t.test('all its stylesheets and scripts, the later ones and the service worker too', async () => {
    const urls = await page.evaluate(() => {
      const { more, worker } = document.querySelector('[data-attempt]').dataset;
      return [...[...document.querySelectorAll('link[rel=stylesheet], script[src]')].map(e => new URL(e.href || e.src).pathname), more, worker];
    });
    let all = 0;
    for (const url of new Set(urls)) {
      const { body, status } = await ask(url);
      assert.equal(status, 200, url);
      console.log(`  ${url.replace(/.*\//, '')}: ${body} bytes`);
      all += body;
    }
    console.log(`take page, assets: ${all} bytes compressed of 15360`);
    assert.ok(urls.length >= 6 && all <= 15 << 10, `${all} bytes in ${urls.length} files`);
  });

  await t.test('one save, there and back, headers and all', async () => {
    const seen = new Promise(done => page.on('request', r => { if (r.url().endsWith('/api/jawaban') && r.postData()?.includes('"n"')) done(r); }));
    await choose(page, 1, 'A');
    const request = await seen;
    await onServer(page);
    const headers = await request.allHeaders();
    for (const name of Object.keys(headers)) if (name.startsWith(':') || ['content-length', 'accept-encoding', 'host', 'connection'].includes(name)) delete headers[name];
    const whole = await ask('/api/jawaban', { method: 'POST', headers, body: request.postData() }); // the same entry again is one
    const bare = Object.fromEntries(['content-type', 'accept', 'authorization', 'cookie'].filter(k => headers[k]).map(k => [k, headers[k]]));
    const ours = await ask('/api/jawaban', { method: 'POST', headers: bare, body: request.postData() });
    assert.equal(ours.status, 200);
    console.log(`one save: ${whole.sent} bytes there, ${whole.got} back, ${whole.sent + whole.got} of 1024 with all that Chromium says of itself; ${ours.sent + ours.got} without`);
    assert.ok(whole.sent + whole.got <= 1024, `${whole.sent + whole.got} bytes`);
  });
});
