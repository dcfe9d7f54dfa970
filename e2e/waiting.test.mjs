// The waiting room before the bell, with a proctor's leave, with and without
// JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { expectPage, heading, login, openEvent, prepare, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('the waiting room', { skip, timeout: 300_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);

  // A window that opens in a moment: what the page does with it is the page's
  // own, so the server's word is put into its mouth.
  await t.test('it counts down and lets people begin in turn', async () => {
    const page = await open(browser, phone);
    await login(page, server.url, who.waiting[0], who.password);
    let told = { o: 'bell', why: 'Sesi belum dibuka.', bell: 4, turn: 6, closes: 3600 };
    const began = Date.now();
    await page.route('**/tunggu', async route => {
      if (route.request().method() !== 'POST') {
        const r = await route.fetch();
        return route.fulfill({ response: r, body: (await r.text()).replace(/data-o="[^"]*" data-bell="\d+" data-turn="\d+"/, 'data-o="bell" data-bell="4" data-turn="6"') });
      }
      const gone = (Date.now() - began) / 1000;
      await route.fulfill({ json: { ...told, now: Date.now() + 600_000 } });
      if (gone > 4) told = { ...told, o: 'turn', bell: 0, turn: 2 };
    });
    await prepare(page);
    assert.equal(await heading(page), 'Ruang tunggu');
    assert.match(await page.locator('.facts').innerText(), /•••• \d{4}/);
    const button = page.locator('[data-mulai]');
    await page.locator('[data-uji=jam]', { hasText: 'berbeda 10 menit' }).waitFor();
    for (const test of ['jaringan', 'simpan', 'peramban']) await page.locator(`[data-uji=${test}] .check`).waitFor();
    await page.locator('[data-mulai]:enabled').waitFor({ timeout: 60_000 });
    assert.match(await page.locator('#sebab').innerText(), /Giliran Anda/);
    assert.equal(await button.isEnabled(), true);
    await press(page, 'Mulai mengerjakan');
    await expectPage(page, /\/soal$/);
    assert.equal(await page.evaluate(async () => !!(await navigator.serviceWorker.ready).active), true);
    assert.deepEqual(page.context().faults, []);
    await page.context().close();
  });

  await t.test('without JavaScript it says what it cannot test, and lets people begin', async () => {
    const page = await open(browser, desk, { javaScriptEnabled: false });
    await login(page, server.url, who.waiting[1], who.password);
    await prepare(page);
    assert.match(await page.locator('#sebab').innerText(), /Semua siap/);
    assert.equal(await page.locator('[data-siap]:visible').count(), 0, 'what only a script can test is not shown');
    assert.match(await page.locator('main').innerText(), /JavaScript mati/);
    await press(page, 'Mulai mengerjakan');
    await expectPage(page, /\/soal$/);
    await page.context().close();
  });

  // The real thing: a session that opens on the next minute and whose proctor
  // lets people in, with one person who has the script and one who has not.
  await t.test('a bell and a proctor', async () => {
    const officer = await open(browser, desk);
    await login(officer, server.url, 'bkd.provinsi', who.password);
    const bell = Math.ceil((Date.now() + 45_000) / 60_000) * 60_000, local = ms => new Date(ms + 7 * 3600_000).toISOString().slice(0, 16);
    let session = '';
    await openEvent(officer, server.url, {
      name: 'Asesmen dengan bel', code: 'BEL-1', agencies: Infinity, more: () => officer.fill('#opens', local(bell)),
      between: async at => {
        await officer.goto(at);
        const edit = officer.locator('a[href*="sesi="]').first();
        session = await edit.getAttribute('href');
        await officer.goto(new URL(session, at).href);
        await officer.check('[name=admit]');
        await officer.fill('#jitter', '3');
        await officer.fill('#session_token', 'KUDA 12');
        await press(officer, 'Simpan sesi', { exact: false });
      },
    });
    const enter = async (page, person) => {
      await login(page, server.url, person, who.password);
      await press(page, 'Asesmen dengan bel');
      await press(page, 'Data saya benar, lanjut');
      await press(page, 'Lewati latihan');
      await expectPage(page, /\/tunggu$/);
    };
    const page = await open(browser, phone), plain = await open(browser, phone, { javaScriptEnabled: false });
    await enter(page, who.done);
    await enter(plain, who.waiting[1]);
    if (Date.now() < bell - 2000) {
      assert.match(await page.locator('#sebab').innerText(), /Sesi belum dibuka/);
      assert.match(await page.locator('[data-hitung]').innerText(), /detik/);
      assert.match(await plain.locator('#sebab').innerText(), /Sesi belum dibuka/);
      assert.equal(await plain.locator('[data-mulai]').isDisabled(), true);
      assert.equal(await plain.locator('#token:visible').count(), 0, 'nothing is typed that a look would take away');
    }
    await page.locator('#sebab', { hasText: 'Menunggu izin pengawas' }).waitFor({ timeout: 120_000 });
    assert.equal(await page.locator('[data-mulai]').isDisabled(), true, 'the bell alone lets nobody in');

    const id = new URL(officer.url()).pathname.split('/')[2];
    await officer.goto(`${server.url}/pengawasan/${id}`);
    await press(officer, 'Izinkan semua yang menunggu', { exact: false });
    const why = officer.locator('[name=note], [name=reason]').first();
    if (await why.count()) await why.fill('Wajah cocok dengan kartu.');
    await press(officer, 'Izinkan mulai', { within: officer.locator('main form').last(), exact: false });
    await page.locator('[data-mulai]:enabled').waitFor({ timeout: 60_000 });
    await page.fill('#token', 'salah');
    await press(page, 'Mulai mengerjakan');
    assert.match(await page.locator('.errs').innerText(), /Token sesi tidak cocok/);
    await page.fill('#token', 'kuda12');
    await page.locator('[data-mulai]:enabled').waitFor();
    await press(page, 'Mulai mengerjakan');
    await expectPage(page, /\/soal$/);
    await plain.locator('[data-mulai]:enabled').waitFor({ timeout: 60_000 }); // it looked again by itself
    await plain.fill('#token', 'KUDA-12');
    await press(plain, 'Mulai mengerjakan');
    await expectPage(plain, /\/soal$/);
    assert.deepEqual([...officer.context().faults, ...page.context().faults, ...plain.context().faults], []);
  });
});
