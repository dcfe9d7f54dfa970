// An entry that the server will never take must hold up neither its neighbours
// in the same request nor the submission.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, chosen, expectPage, login, next, onServer, prepare, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('one bad entry among good ones', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const page = await open(browser, phone);
  await login(page, server.url, who.waiting[0], who.password);
  await prepare(page);
  await begin(page);

  await page.context().setOffline(true);
  await choose(page, 1, 'A');
  await next(page);
  await choose(page, 2, 'B');
  await page.evaluate(() => { // what a broken extension, or a bug of ours, might leave behind
    const key = Object.keys(localStorage).find(k => k.startsWith('cakap:'));
    const box = JSON.parse(localStorage.getItem(key));
    box.q.push({ n: 3, s: ++box.s, v: 'Z', d: false });
    localStorage.setItem(key, JSON.stringify(box));
  });
  await next(page);
  await next(page);
  await choose(page, 4, 'A');
  await page.context().setOffline(false);
  await onServer(page);
  await page.reload();
  assert.deepEqual((await chosen(page)).slice(0, 4), ['A', 'B', '', 'A'], 'the good ones are on the server');

  await page.goto(page.url().replace(/\/soal.*/, '/tinjau'));
  await page.getByLabel('Saya tahu 37 soal belum dijawab').check();
  await press(page, 'Kirim sekarang');
  await expectPage(page, /\/bukti\/1$/, 'the receipt');
  assert.match(await page.locator('.facts').innerText(), /3 dari 40 soal/);
});
