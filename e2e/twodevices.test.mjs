// One attempt, two devices: the second asks, takes over and goes on; the first
// can write no more and says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, chosen, expectPage, login, next, onServer, prepare, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('taking an attempt over on another device', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const first = await open(browser, phone), second = await open(browser, desk);

  await login(first, server.url, who.waiting[0], who.password);
  await prepare(first);
  await begin(first);
  await choose(first, 1, 'A');
  await onServer(first);

  await t.test('the second device is asked, not let in', async () => {
    await login(second, server.url, who.waiting[0], who.password);
    await press(second, 'Lanjutkan asesmen');
    assert.match(await second.locator('h1').innerText(), /sedang dibuka di perangkat lain/);
    assert.equal(await second.locator('.q').count(), 0, 'no question is shown yet');
  });

  await t.test('after the take-over it has the answers and can go on', async () => {
    await press(second, 'Lanjutkan di perangkat ini');
    await expectPage(second, /\/soal$/);
    assert.equal((await chosen(second))[0], 'A');
    await second.goto(second.url().replace(/#.*/, '') + '#q2');
    await choose(second, 2, 'B');
    await onServer(second);
  });

  await t.test('the first device is told, and its later answer changes nothing', async () => {
    await first.context().setOffline(true);
    for (const [n, letter] of [[2, 'A'], [3, 'B']]) {
      await next(first);
      await choose(first, n, letter);
    }
    await first.locator('.net', { hasText: '2 jawaban menunggu' }).waitFor();
    await first.context().setOffline(false);
    await first.locator('[data-locked]').waitFor();
    assert.match(await first.locator('[data-locked]').innerText(), /dibuka di perangkat lain/);
    assert.match(await first.locator('.net').innerText(), /dibuka di perangkat lain/);
    await second.reload();
    assert.deepEqual((await chosen(second)).slice(0, 3), ['A', 'B', '']);
  });

  await t.test('taken back, it sends what only it held, and keeps what was answered since', async () => {
    first.on('dialog', d => d.accept()); // it still holds answers, and warns before leaving
    await first.reload();
    await press(first, 'Lanjutkan di perangkat ini');
    await expectPage(first, /\/soal$/);
    assert.deepEqual((await chosen(first)).slice(0, 4), ['A', 'B', 'B', '']);
    await onServer(first);
    await first.evaluate(() => localStorage.clear()); // what shows now is the server's
    await first.reload();
    assert.deepEqual((await chosen(first)).slice(0, 4), ['A', 'B', 'B', '']);
  });
  assert.deepEqual(first.context().faults.concat(second.context().faults), []);
});
