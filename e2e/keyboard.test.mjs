// A whole attempt by keyboard alone: from the log-in to the receipt no pointer
// is used.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, launch, open, skip } from './lib/browser.mjs';
import { expectPage, heading, onServer } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('an attempt by keyboard alone', { skip, timeout: 180_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const page = await open(browser, desk);
  const key = (...keys) => keys.reduce((p, k) => p.then(() => page.keyboard.press(k)), Promise.resolve());
  const focused = () => page.evaluate(() => (document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || document.activeElement.id || '').trim());
  // reach goes by Tab to what bears the words, as people do, and fails where Tab never comes there.
  const reach = async words => {
    for (let i = 0; i < 90; i++) {
      if (words.test(await focused())) return;
      await key('Tab');
    }
    assert.fail(`Tab does not reach ${words}; it stands on ${await focused()}`);
  };
  const follow = async words => { await reach(words); await Promise.all([page.waitForEvent('framenavigated'), key('Enter')]); await page.waitForLoadState('load'); };

  await page.goto(server.url + '/masuk');
  await page.locator('#nip').focus();
  await page.keyboard.type(who.waiting[0]);
  await key('Tab');
  await page.keyboard.type(who.password);
  await Promise.all([page.waitForURL(/\/beranda$/), key('Enter')]);
  await follow(/^Mulai persiapan$/);
  await follow(/^Data saya benar/);
  await follow(/^Lanjut ke latihan$/);
  assert.equal(await heading(page), 'Latihan tiga soal');
  await follow(/^Lewati latihan$/);
  await expectPage(page, /\/tunggu$/);
  await page.locator('[data-mulai]:enabled').waitFor();
  await follow(/^Mulai mengerjakan$/);
  await expectPage(page, /\/soal$/);

  const now = () => page.locator('[data-now]').innerText();
  const picked = n => page.locator(`#q${n} [name=jawab]:checked`).evaluateAll(all => all.map(i => i.value).join(''));

  await t.test('letters pick, Alt+Shift moves', async () => {
    await key('b');
    assert.equal(await picked(1), 'B');
    await key('Alt+Shift+N');
    assert.equal(await now(), '2');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the question is where the reader stands');
    assert.match(await page.title(), /^Soal 2 dari 40/);
    await key('a', 'Alt+Shift+R');
    assert.equal(await page.locator('#q2 [name=ragu]').isChecked(), true);
    await key('Alt+Shift+P');
    assert.equal(await now(), '1');
  });

  await t.test('the menu opens by ?, and single keys can be switched off', async () => {
    await key('?');
    assert.equal(await page.locator('#menu').evaluate(d => d.open), true);
    await reach(/^Sembunyikan|^Tutup$/);
    await page.locator('[data-atur=tuts]').focus();
    await key('Space', 'Escape');
    assert.equal(await page.locator('#menu').evaluate(d => d.open), false);
    await page.locator('#q1 h1').focus();
    await key('a', '?');
    assert.equal(await picked(1), 'B', 'a letter picks nothing now');
    assert.equal(await page.locator('#menu').evaluate(d => d.open), false);
    await page.reload();
    await key('a');
    assert.equal(await picked(1), 'B', 'and that is kept');
    await page.locator('.menu-b').focus();
    await key('Enter');
    await page.locator('[data-atur=tuts]').focus();
    await key('Space');
    await page.locator('[data-atur=jam]').focus();
    await key('Space');
    assert.equal(await page.locator('.clock').evaluate(c => getComputedStyle(c).visibility), 'hidden', 'the time can be hidden');
    await key('Space');
    await page.getByRole('button', { name: 'Teks besar', exact: true }).focus();
    await key('Enter');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.teks), '125');
    await page.getByRole('button', { name: 'Kontras tinggi' }).focus();
    await key('Enter', 'Escape');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.kontras), 'tinggi');
    await page.reload();
    assert.deepEqual(await page.evaluate(() => ({ ...document.documentElement.dataset })), { teks: '125', kontras: 'tinggi' }, 'kept for this browser');
  });

  await t.test('a letter typed into a field is a letter', async () => {
    await page.locator('#q1 .lapor summary').focus();
    await key('Enter');
    await page.locator('#q1 [name=catatan]').focus();
    await page.keyboard.type('ab?');
    assert.equal(await page.locator('#q1 [name=catatan]').inputValue(), 'ab?');
    assert.equal(await picked(1), 'B');
    await key('Enter');
    await page.locator('#q1 .lapor [role=status]', { hasText: 'Laporan diterima' }).waitFor();
    assert.equal(await page.locator('#q1 [name=catatan]').inputValue(), '');
  });

  await t.test('the list leads to a question', async () => {
    await key('Alt+Shift+L');
    await reach(/^40/);
    await key('Enter');
    assert.equal(await now(), '40');
  });

  await t.test('forty answers and the hand-in', async () => {
    await page.evaluate(() => { location.hash = '#q1'; });
    for (let n = 1; n <= 40; n++) {
      await key('a');
      if (n < 40) await key('Alt+Shift+N');
    }
    assert.equal(await page.locator('.q [name=jawab]:checked').count() >= 40, true);
    await onServer(page);
    await follow(/^Simpan dan periksa$/);
    await expectPage(page, /\/tinjau$/);
    await follow(/^Kirim sekarang$/);
    await expectPage(page, /\/bukti\/1$/);
    assert.match(await page.locator('.facts').innerText(), /40 dari 40 soal/);
  });
  assert.deepEqual(page.context().faults, []);
});
