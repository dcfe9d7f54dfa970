// An officer plans an event in the browser: a session with places and a
// proctor, people from a pasted list, codes for the ticked, what the group
// gets, and who has not finished. Once with JavaScript and once without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open, phone, skip } from './lib/browser.mjs';
import { expectPage, heading, login, newEvent, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

for (const javaScriptEnabled of [true, false]) {
  test(`an event is planned ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, { skip, timeout: 180_000 }, async t => {
    const browser = await launch();
    t.after(() => browser.close());
    const server = await start('demo');
    t.after(() => server.stop());
    const who = accounts(server.printed);
    const page = await open(browser, phone, { javaScriptEnabled });
    await login(page, server.url, 'bkd.provinsi', who.password);
    await page.goto(server.url + '/kegiatan/baru');
    await newEvent(page, { name: 'Rencana', code: 'RENCANA-1', agencies: 1, more: () => page.selectOption('#attempts', '2') });
    const at = page.url().replace(/[?#].*/, '');
    assert.match(await page.locator('main').innerText(), /paling banyak 2 kali, dihitung yang terakhir/i);

    await page.goto(at + '?sesi=');
    await page.getByText('Tambah sesi').click();
    await page.fill('#session_name', 'Sesi kecil');
    await page.fill('#capacity', '1');
    await page.fill('#place', 'Aula');
    await page.locator('#proctors input').first().check();
    await press(page, 'Simpan sesi');
    assert.match(await page.locator('tbody').innerText(), /0 dari 1 tempat/);

    await page.goto(at + '/peserta');
    await page.fill('#list', 'NIP\n1,98001E+17\nbukan nip');
    await press(page, 'Periksa daftar');
    assert.equal(await heading(page), '0 orang akan didaftarkan');
    assert.match(await page.locator('tbody').innerText(), /2[^]*rusak oleh Excel[^]*3[^]*Tidak ditemukan/);

    await page.goto(at + '/peserta');
    await page.locator('#agencies label').first().click();
    await page.selectOption('#bagi-daftar', { label: 'Bagi merata' });
    await press(page, 'Daftarkan');
    await expectPage(page, /\/peserta$/);
    assert.match(await page.locator('.notice.ok').innerText(), /orang didaftarkan/);

    const ticks = page.locator('tbody .pick label');
    await ticks.nth(0).click();
    await ticks.nth(1).click();
    await page.getByText('Tindakan untuk yang dicentang').click();
    await page.selectOption('#session', { label: 'Sesi kecil' });
    await press(page, 'Pindahkan');
    assert.match(await page.locator('.errs').innerText(), /Tempat tidak cukup/, 'a full room takes nobody');
    await page.goto(at + '/peserta');
    await page.locator('tbody .pick label').nth(0).click();
    await page.getByText('Tindakan untuk yang dicentang').click();
    await press(page, 'Buat kode mulai');
    assert.equal(await heading(page), '1 kartu siap dicetak');
    const card = await page.locator('.slip .mono').allInnerTexts();
    await page.getByText('Pesan WhatsApp untuk tiap orang').scrollIntoViewIfNeeded();
    await page.locator('section details summary').first().click();
    assert.ok((await page.locator('#pesan-1').innerText()).includes(card.at(-1)), 'the personal text has the code');

    await page.goto(at + '/kartu');
    const group = await page.locator('#teks-grup').innerText();
    assert.match(group, /Sesi kecil/);
    assert.doesNotMatch(group, /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}/, 'the group gets no code');
    await page.goto(at + '/pemeriksaan');
    assert.match(await page.locator('.todo').innerText(), /Kemampuan server belum diukur/);
    await press(page, 'Simulasi beban', { within: page.locator('.todo') });
    await expectPage(page, /\/beban$/);
    assert.deepEqual(page.context().faults, []);
  });
}
