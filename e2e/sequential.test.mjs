// One by one, and aspect by aspect: what was left cannot be gone back to. With
// JavaScript, without, and with a network that goes away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, expectPage, login, onServer, openEvent, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('one by one and by aspect', { skip, timeout: 240_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const officer = await open(browser, desk);
  await login(officer, server.url, 'bkd.provinsi', who.password);
  const make = (code, name, delivery) => openEvent(officer, server.url, { name, code, agencies: Infinity, more: () => officer.check(`[name=delivery][value=${delivery}]`) });
  await make('SATU-1', 'Asesmen satu per satu', 'one');
  await make('ASPEK-1', 'Asesmen per aspek', 'aspect');

  // enter goes to the first question of an event of that name.
  const enter = async (page, person, name) => {
    await login(page, server.url, person, who.password);
    await press(page, name);
    await press(page, 'Data saya benar, lanjut');
    assert.match(await page.locator('main').innerText(), /tidak dapat dibuka lagi/, 'the rules say that there is no way back');
    await press(page, 'Lewati latihan');
    await begin(page);
  };
  const numbers = page => page.locator('.q').evaluateAll(all => all.map(q => +q.id.slice(1)));

  await t.test('one by one with the script: the phone sends before it moves on', async () => {
    const page = await open(browser, phone);
    page.on('dialog', d => d.accept());
    await enter(page, who.waiting[0], 'Asesmen satu per satu');
    assert.deepEqual(await numbers(page), [1]);
    assert.match(await page.locator('.qno').innerText(), /Soal 1 dari 40/);
    await choose(page, 1, 'A');
    await Promise.all([page.waitForURL(/#q2$/), page.locator('.q.now .qnav .go').click()]);
    assert.deepEqual(await numbers(page), [2], 'nothing else of the form is in the page');
    await page.context().setOffline(true);
    await choose(page, 2, 'B');
    await page.locator('.q.now .qnav .go').click();
    await page.locator('.net', { hasText: 'Menunggu jaringan untuk lanjut' }).waitFor();
    assert.deepEqual(await numbers(page), [2], 'it stays until the answer is on the server');
    await Promise.all([page.waitForURL(/#q3$/, { timeout: 60_000 }), page.context().setOffline(false)]);
    assert.deepEqual(await numbers(page), [3]);
    assert.equal(await page.locator('.q.now .qnav button').count(), 1, 'there is no way back');
    await page.goBack();
    assert.deepEqual(await numbers(page), [3], 'neither by the browser');
    await page.context().close();
  });

  await t.test('one by one without the script', async () => {
    const page = await open(browser, phone, { javaScriptEnabled: false });
    await enter(page, who.waiting[1], 'Asesmen satu per satu');
    for (const n of [1, 2, 3]) {
      assert.deepEqual(await numbers(page), [n]);
      await choose(page, n, 'A');
      await press(page, 'Simpan dan lanjut', { exact: false });
    }
    assert.deepEqual(await numbers(page), [4]);
    await page.locator('#q4 .lapor summary').click();
    await page.selectOption('#q4 [name=jenis]', 'unclear');
    await press(page, 'Kirim laporan', { within: page.locator('#q4') });
    assert.match(await page.locator('.net').innerText(), /Laporan soal 4 diterima pengawas/);
    assert.deepEqual(await numbers(page), [4]);
    await page.context().close();
  });

  await t.test('by aspect: free within, locked behind, to the receipt', async () => {
    const page = await open(browser, desk);
    await enter(page, who.done, 'Asesmen per aspek');
    const seen = [];
    for (let part = 0; part < 4; part++) {
      const here = await numbers(page);
      assert.equal(await page.locator('.grp').count(), 1, 'one aspect');
      for (const n of here) {
        assert.ok(!seen.includes(n), `question ${n} again`);
        seen.push(n);
        await choose(page, n, 'A');
        if (n !== here.at(-1)) await page.locator('.q.now .qnav .go').click();
      }
      await page.keyboard.press('Alt+Shift+P');
      assert.equal(await page.locator('[data-now]').innerText(), String(here.at(-2)), 'within the aspect people go back');
      await page.keyboard.press('Alt+Shift+N');
      await onServer(page);
      await press(page, part < 3 ? 'Simpan dan kunci bagian ini' : 'Simpan dan periksa', { within: page.locator('.q.now') });
    }
    await expectPage(page, /\/tinjau$/);
    assert.equal(seen.length, 40);
    await press(page, 'Kirim sekarang');
    await expectPage(page, /\/bukti\/1$/);
    assert.match(await page.locator('.facts').innerText(), /40 dari 40 soal/);
    assert.deepEqual(page.context().faults, []);
    await page.context().close();
  });
  assert.deepEqual(officer.context().faults, []);
});
