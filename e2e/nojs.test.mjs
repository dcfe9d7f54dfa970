// A browser without JavaScript: every question is a form of its own, and the
// server keeps each answer before the next question comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open, phone, skip } from './lib/browser.mjs';
import { begin, expectPage, heading, login, loginCode, prepare, press, rules } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('taking the assessment without JavaScript', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const page = await open(browser, phone, { javaScriptEnabled: false });
  const who = accounts(server.printed);
  const question = n => page.locator('#q' + n);
  const answer = async (n, letters, button) => {
    for (const l of letters) await question(n).locator('.opt', { has: page.locator(`input[value="${l}"]`) }).click();
    await press(page, button, { within: question(n), exact: false });
  };
  const flash = () => page.locator('.net').innerText();

  await loginCode(page, server.url, who.nip, who.code);

  await t.test('practice says how the answers were and keeps nothing', async () => {
    await press(page, 'Latihan tiga soal');
    await page.locator('fieldset').nth(0).getByText('Selasa').click();
    await press(page, 'Periksa latihan');
    assert.match(await page.locator('.notice').nth(0).innerText(), /^Tepat\./);
    assert.match(await page.locator('.notice').nth(1).innerText(), /^Belum tepat\./);
    await press(page, 'Kembali ke beranda');
  });

  await t.test('what only a script can do is not offered', async () => {
    assert.equal(await page.locator('[data-cetak]:visible, [data-lihat]:visible').count(), 0);
  });

  await t.test('each answer is on the server before the next question', async () => {
    await prepare(page);
    await begin(page);
    assert.equal(await page.locator('.q:visible').count(), 40, 'all questions are on the page');
    for (const width of [320, 360]) {
      await page.setViewportSize({ width, height: 740 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${width} px`);
    }
    await answer(1, ['B'], 'Simpan dan lanjut');
    assert.match(await flash(), /Jawaban soal 1 tersimpan di server pukul \d\d\.\d\d\.\d\d/);
    assert.match(page.url(), /#q2$/);
    await answer(2, ['A'], 'Simpan dan lanjut');
    await question(3).getByText('Tandai ragu-ragu').click();
    await answer(3, [], 'Simpan dan lanjut');
    await page.reload();
    assert.equal(await question(1).locator('input[value="B"]').isChecked(), true);
    assert.equal(await question(2).locator('input[value="A"]').isChecked(), true);
    assert.equal(await question(3).getByLabel('Tandai ragu-ragu').isChecked(), true);
    assert.equal(await page.locator('.q [name=jawab]:checked').count(), 2);
  });

  await t.test('an answer can be changed, and taken back', async () => {
    await answer(1, ['A'], 'Simpan dan lanjut');
    await press(page, 'Hapus jawaban', { within: question(2) });
    assert.equal(await question(1).locator('input[value="A"]').isChecked(), true);
    assert.equal(await question(2).locator('[name=jawab]:checked').count(), 0);
  });

  await t.test('the review counts, and asks before an incomplete hand-in', async () => {
    await answer(40, ['A'], 'Simpan dan periksa');
    await expectPage(page, /\/tinjau$/);
    assert.match(await page.locator('.sub').first().innerText(), /2 terjawab, 38 belum dijawab, 1 ragu-ragu/);
    await press(page, 'Kirim sekarang');
    await expectPage(page, /\/kirim$/, 'the review again');
    assert.match(await page.locator('.errs').innerText(), /Centang bahwa Anda tahu/);
    await page.getByLabel('Saya tahu 38 soal belum dijawab').check();
    await press(page, 'Kirim sekarang');
    await expectPage(page, /\/bukti\/1$/);
    assert.equal(await heading(page), 'Jawaban Anda sudah diterima');
    assert.match(await page.locator('.facts').innerText(), /2 dari 40 soal/);
  });

  await t.test('two answers support no level, and the result says so', async () => {
    await press(page, 'Lihat hasil');
    await expectPage(page, /\/hasil\/1$/);
    assert.match(await page.locator('main').innerText(), /Belum cukup bukti/);
  });
  assert.deepEqual(page.context().faults, []);
});

test('a whole attempt without JavaScript', { skip, timeout: 180_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const page = await open(browser, phone, { javaScriptEnabled: false });
  await login(page, server.url, who.waiting[0], who.password);
  await rules(page);
  await press(page, 'Lanjut ke latihan');
  await press(page, 'Periksa latihan');
  await press(page, 'Lanjut ke ruang tunggu');
  assert.equal(await heading(page), 'Ruang tunggu');
  assert.match(await page.locator('#sebab').innerText(), /Semua siap/);
  await begin(page);
  for (let n = 1; n <= 40; n++) {
    const q = page.locator('#q' + n);
    await q.locator('.opt').nth(n % 2).click();
    await press(page, n < 40 ? 'Simpan dan lanjut' : 'Simpan dan periksa', { within: q, exact: false });
    if (n === 7) {
      const here = page.locator('#q8');
      await here.locator('summary', { hasText: 'Laporkan masalah soal' }).click();
      await here.locator('[name=jenis]').selectOption('option');
      await here.locator('[name=catatan]').fill('Dua pilihan sama.');
      await press(page, 'Kirim laporan', { within: here });
      assert.match(await page.locator('.net').innerText(), /Laporan soal 8 diterima pengawas/);
      assert.match(page.url(), /#q8$/, 'and the person is where they were');
    }
    if (n === 9) { // the menu is a form as well
      await page.locator('.menu-b').click();
      await press(page, 'Teks besar', { within: page.locator('#menu') });
      await expectPage(page, /\/soal$/);
      assert.equal(await page.locator('html').getAttribute('data-teks'), '125');
    }
  }
  await expectPage(page, /\/tinjau$/);
  assert.match(await page.locator('.sub').first().innerText(), /40 terjawab/);
  await press(page, 'Kirim sekarang');
  await expectPage(page, /\/bukti\/1$/);
  assert.match(await page.locator('.facts').innerText(), /40 dari 40 soal/);
  await press(page, 'Lihat hasil');
  await expectPage(page, /\/hasil\/1$/);
  assert.deepEqual(page.context().faults, []);
});
