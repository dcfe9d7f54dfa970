// Every byte that a participant's browser receives until the assessment is
// handed in: no key, no reason, no rationale, nothing that tells them.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, expectPage, login, loginCode, next, onServer, prepare, press, until } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

const shipped = join(import.meta.dirname, '../questionbank/shipped');

// secrets are texts of the bank that only an author may read, and texts that a
// participant must read: the canary is alive only if it hears those.
async function secrets() {
  const hidden = [], stems = [];
  for (const file of (await readdir(shipped)).filter(f => f.endsWith('.json'))) {
    for (const item of JSON.parse(await readFile(join(shipped, file), 'utf8'))) {
      stems.push(item.stem);
      hidden.push(item.rationale, ...(item.options ?? []).map(o => o.reason), ...(item.reasons ?? []));
    }
  }
  return { hidden: hidden.filter(text => text && text.length >= 20), stems };
}

// plain undoes what HTML and JSON do to a text, so that a match cannot hide.
const plain = body => body.replace(/<[^>]+>/g, '')
  .replace(/&(amp|lt|gt|quot|#34|#39|#43);/g, (_, e) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'", '#43': '+' })[e])
  .replace(/\\u([0-9a-f]{4})/gi, (_, h) => String.fromCharCode(parseInt(h, 16))).replace(/\s+/g, ' ');

// keptBy is what a service worker keeps for a reload without network.
async function keptBy(browser, url, who) {
  const page = await open(browser, phone);
  await login(page, url, who.waiting[0], who.password);
  await prepare(page);
  await begin(page);
  await until(page, async () => (await (await caches.open('cakap')).keys()).some(r => r.url.endsWith('/soal')));
  const kept = await page.evaluate(async () => {
    const box = await caches.open('cakap'), all = [];
    for (const r of await box.keys()) all.push([new URL(r.url).pathname, await (await box.match(r)).text()]);
    return all;
  });
  await page.context().close();
  for (const [path] of kept) assert.match(path, /^\/(ikut\/[^/]+\/soal|aset\/.+|media\/.+)$/, 'nothing else of a person is kept');
  return kept.map(([path, text]) => ({ at: `KEPT ${path}`, type: 'text/html', text }));
}

test('nothing tells a participant the keys', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const page = await open(browser, phone, { serviceWorkers: 'block' }); // so that every byte passes where it is heard
  const received = [], reading = [];
  page.context().on('response', r => reading.push(r.body().then(
    body => received.push({ at: `${r.request().method()} ${new URL(r.url()).pathname}`, type: r.headers()['content-type'] || '', text: body.toString('utf8') + JSON.stringify(r.headers()) }),
    () => {}))); // a redirect has no body
  const who = accounts(server.printed);
  await loginCode(page, server.url, who.nip, who.code);
  await page.goto(server.url + '/latihan');
  await page.goto(server.url + '/beranda');
  await prepare(page);
  await begin(page);
  await page.locator('.q.now .lapor summary').click();
  await page.locator('.q.now .lapor button').click();
  await page.locator('.q.now .lapor [role=status]', { hasText: 'Laporan diterima' }).waitFor();
  for (let n = 1; n <= 40; n++) {
    await choose(page, n, 'ABBA'[n % 4]);
    await next(page);
  }
  await page.waitForURL(/\/tinjau$/);
  await onServer(page);
  await page.goBack();
  await page.goForward();
  await press(page, 'Kirim sekarang');
  await expectPage(page, /\/bukti\/1$/);
  await Promise.all(reading);
  received.push(...await keptBy(browser, server.url, who));

  const { hidden, stems } = await secrets();
  const ours = received.filter(r => !r.at.includes('/aset/'));
  const all = ours.map(r => ({ ...r, plain: plain(r.text) }));
  await t.test('the canary hears', async () => {
    assert.ok(hidden.length > 400, `only ${hidden.length} secrets are known`);
    const take = all.find(r => /GET .*\/soal$/.test(r.at));
    const heard = stems.map(plain).filter(stem => take.plain.includes(stem)).length;
    assert.ok(heard >= 35, `only ${heard} of 40 stems are recognised on the take page`);
    const author = await open(browser, desk);
    await login(author, server.url, 'widyaiswara', who.password);
    await author.goto(server.url + '/bank?q=A1-001');
    await press(author, '', { within: author.locator('.stackt tbody th').first(), exact: false });
    const seen = plain(await author.content());
    assert.ok(hidden.map(plain).filter(secret => seen.includes(secret)).length >= 4, 'an author reads the reasons, and the canary knows them there');
    for (const at of [/^GET .*\/tunggu$/, /^POST .*\/tunggu$/, /^POST .*\/laporan$/, /^KEPT .*\/soal$/]) assert.ok(ours.some(r => at.test(r.at)), `${at} is among what was received`);
    assert.ok(ours.some(r => r.at === 'POST /api/jawaban' && r.type.includes('json')), 'saves are among what was received');
  });
  await t.test('no rationale and no reason', () => {
    const told = hidden.map(plain).flatMap(secret => all.filter(r => r.plain.includes(secret)).map(r => `${r.at}: ${secret}`));
    assert.deepEqual(told, []);
  });
  await t.test('no word of a key', () => {
    for (const r of ours) {
      for (const word of [/\bcorrect\b/i, /"points"/i, /\bkunci jawaban\b/i, /\brationale\b/i, /data-(key|kunci|bobot|benar)/i, /\bdifficulty\b/i]) assert.doesNotMatch(r.text, word, r.at);
      for (const code of [/\bA[1-4]-\d{3}\b/, /provenance/i]) assert.doesNotMatch(r.text, code, r.at); // an item's code finds its key in the public bank
    }
  });
});
