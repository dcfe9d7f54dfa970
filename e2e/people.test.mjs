// The people of an agency: a roster that changes things, a transfer between
// agencies, codes to hand out. With JavaScript and without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { desk, launch, open, phone, skip, wide } from './lib/browser.mjs';
import { workbook } from './lib/files.mjs';
import { heading, login, press, upload } from './lib/pages.mjs';
import { addUser, cli, makePlace, start } from './lib/server.mjs';

const password = 'kereta malam ke Solo';
const head = ['NIP', 'NAMA', 'UNIT KERJA', 'JABATAN', 'TAMBAHAN WAKTU %'];
const before = [head, ['199001012021211001', 'Budi', 'Dinas A', 'Guru', ''], ['199001012015032002', 'Siti', 'Dinas A', 'Guru', ''], ['199001012015032003', 'Wati', 'Dinas A', 'Guru', '']];
const after = [head, ['199001012026031001', 'Budi', 'Dinas A', 'Guru', ''], ['199001012015032002', 'Siti', 'Dinas B', 'Guru', '25'], ['198505052010012002', 'Pindahan', 'Dinas A', '', ''], ['199101012015032009', 'Baru', 'Dinas A', '', '']];

for (const [name, size, javaScriptEnabled] of [['a desk', desk, true], ['a phone without JavaScript', phone, false]]) {
  test(`people at ${name}`, { skip, timeout: 180_000 }, async t => {
    const browser = await launch();
    t.after(() => browser.close());
    const place = await makePlace();
    t.after(() => place.remove());
    await cli(place, 'migrate');
    await addUser(place, 'kepala.a', password, '--name', 'Kepala Satu', '--role', 'officer', '--agency', '6401');
    await addUser(place, 'kepala.b', password, '--name', 'Kepala Dua', '--role', 'officer', '--agency', '6402');
    const server = await start('serve', place);
    t.after(() => server.stop());
    const page = await open(browser, size, { javaScriptEnabled });
    const send = async (rows, file) => {
      await page.goto(server.url + '/pegawai/impor');
      await upload(page, '#berkas', file, workbook(rows));
      await press(page, 'Lanjutkan');
    };
    const said = () => page.locator('main').innerText();
    // look: nothing that a rule of WCAG forbids, nothing to scroll sideways.
    const look = async () => {
      if (javaScriptEnabled) assert.deepEqual(await violations(page), [], page.url());
      assert.ok(await wide(page) <= 0, `${page.url()} is ${await wide(page)} px too wide`);
    };
    const show = text => press(page, text, { within: page.locator('.status'), exact: false });

    await login(page, server.url, 'kepala.b', password);
    await send([head, ['198505052010012002', 'Rahasia Dua', 'Dinas X', '', '']], 'b.xlsx');
    await press(page, 'Simpan 1 baris yang siap');
    await press(page, 'Keluar');
    await login(page, server.url, 'kepala.a', password);
    await send(before, 'lama.xlsx');
    await press(page, 'Simpan 3 baris yang siap');

    await t.test('an update shows what changes before it saves', async () => {
      await send(after, 'baru.xlsx');
      assert.equal(await heading(page), '2 dari 4 baris siap disimpan');
      assert.ok(!(await page.content()).includes('Rahasia'), 'the other agency stays out of sight');
      await show('Pindah unit');
      assert.match(await said(), /unit kerja: Dinas A → Dinas B/);
      await look();
      assert.match(await said(), /waktu pengerjaan: 100 % → 125 %/);
      await show('Tidak ada di berkas');
      assert.match(await said(), /Wati/);
      await look();
      await show('Mungkin orang yang sama');
      await look();
      await page.getByText('Orang yang sama: NIP-nya diganti').click();
      await press(page, 'Catat keputusan');
      await press(page, 'Simpan 3 baris yang siap');
      assert.match(await said(), /3 pegawai tersimpan: 1 baru, 2 diperbarui/);
    });

    await t.test('the transfer is asked for, and the other agency decides', async () => {
      await show('Di instansi lain');
      await page.locator('label', { hasText: 'Pilih Pindahan' }).click();
      await page.fill('#reason', 'SK 1/2026');
      await look();
      await press(page, 'Minta mutasi');
      assert.match(await said(), /1 permintaan mutasi dikirim/);
      assert.ok(!(await page.content()).includes('Rahasia'));
      await press(page, 'Keluar');
      await login(page, server.url, 'kepala.b', password);
      await page.goto(server.url + '/pegawai/mutasi');
      await look();
      await press(page, 'Terima mutasi', { exact: false });
      assert.match(await said(), /Mutasi diterima/);
      await press(page, 'Keluar');
      await login(page, server.url, 'kepala.a', password);
      await page.goto(server.url + '/pegawai');
      assert.equal(await heading(page), '5 pegawai');
      assert.match(await said(), /Rahasia Dua/);
    });

    await t.test('somebody registered twice becomes one', async () => {
      await page.goto(server.url + '/pegawai');
      await press(page, 'Baru');
      await look();
      await page.fill('#lain', '19900101 201503 2 003');
      await press(page, 'Lihat data itu');
      assert.match(await said(), /Gabungkan ke data ini\?[^]*Wati/);
      await look();
      await press(page, 'Gabungkan');
      assert.match(await said(), /NIP sebelumnya[^]*19900101 201503 2 003/);
    });

    await t.test('codes for a unit, as slips, a list and messages', async () => {
      await page.goto(server.url + '/pegawai/kode');
      await look();
      assert.equal(await heading(page), '0 dari 4 pegawai sudah dapat masuk');
      await page.selectOption('#unit', { label: 'Dinas A' });
      await press(page, 'Buat kode dan tampilkan slip');
      assert.equal(await heading(page), '2 kode aktivasi');
      await look();
      const codes = await page.locator('.slip b.mono').allInnerTexts();
      assert.equal(new Set(codes).size, 2);
      const list = await page.locator('#daftar-kode').inputValue(), group = await page.locator('#teks-grup').innerText();
      for (const code of codes) assert.ok(list.includes(code) && !group.includes(code), 'a code is in the list and not in the message for a group');
      assert.ok(!/<a[^>]+href="https?:/.test(await page.content()), 'nothing links out');
    });
  });
}
