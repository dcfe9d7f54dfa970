// The whole mission, from an empty database to the workbook, on the real
// binary: at the size of a phone and of a desk, on SQLite and on PostgreSQL.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { fixture, questionBook, rosterBook, texts } from './lib/files.mjs';
import { begin, choose, chosen, expectPage, heading, login, loginCode, logout, newEvent, next, onServer, press, upload } from './lib/pages.mjs';
import { cli, engines, makePlace, setupLink, start } from './lib/server.mjs';

const run = promisify(execFile);
const password = 'kereta senja menuju Purwokerto';
const agency = '6402'; // one of the reference list
const candidate = { nip: '198703122011012004', name: 'SITI AMINAH' };

for (const engine of engines) {
  for (const [label, viewport] of [['360 × 740', phone], ['1280 × 800', desk]]) {
    test(`journey on ${engine.name} at ${label}`, { skip: skip || engine.skip, timeout: 180_000 }, t => journey(t, engine.name, viewport));
  }
}

async function journey(t, engine, viewport) {
  const browser = await launch();
  t.after(() => browser.close());
  const place = await makePlace(engine);
  let server = null;
  t.after(async () => { await server?.stop(); await place.remove(); });
  server = await start('serve', place);
  const contexts = [];
  const someone = async () => {
    const page = await open(browser, viewport, { reducedMotion: 'reduce' });
    contexts.push(page.context());
    return page;
  };
  const small = viewport === phone;
  const step = async (name, work) => {
    let failed = null;
    await t.test(name, async () => { try { await work(); } catch (e) { failed = e; throw e; } });
    if (failed) throw new Error(`the journey ends at: ${name}`); // what follows could only fail too
  };
  const w = { server, place, engine, small, url: server.url, someone, dir: place.dir };

  await step('an empty installation leads to the set-up', () => setUp(w));
  await step('the administrator makes the accounts', () => makeAccounts(w));
  await step('the officer imports her employees', () => importRoster(w));
  await step('the trainer imports questions and sends one for review', () => importQuestions(w));
  await step('another person approves it', () => approve(w));
  await step('the officer makes an event and enrols', () => makeEvent(w));
  await step('the forms are drawn, the check passes, the event opens', () => openEvent(w));
  await step('the officer issues start codes', () => issueCodes(w));
  await step('the civil servant logs in, confirms and practises', () => arrive(w));
  await step('she answers forty questions, some without a network, and loses none', () => answer(w));
  await step('she reviews, hands in and sees her result', () => handIn(w));
  await step('the officer sees it', () => watch(w));
  await step('the officer downloads the workbook of her agency', () => download(w));
  await step('another agency sees nothing of it', () => walls(w));
  await step('the books balance', () => verify(w));
  assert.deepEqual(contexts.flatMap(c => c.faults), [], 'no script error and no 5xx on the way');
}

async function setUp(w) {
  const page = await w.someone();
  await page.goto(w.url);
  assert.match(await page.locator('.notice').innerText(), /Cakap belum disiapkan/);
  const link = await setupLink(w.server);
  await page.goto(link);
  await page.fill('#nama', 'Hartini Kusumaningrum');
  await page.fill('#akun', 'admin.bkd');
  await page.fill('#sandi', 'pendek');
  await page.fill('#ulangi', 'pendek');
  await press(page, 'Buat akun admin');
  assert.match(await page.locator('.errs').innerText(), /12/, 'a short password is refused with the reason');
  await page.fill('#sandi', password);
  await page.fill('#ulangi', password);
  await press(page, 'Buat akun admin');
  await expectPage(page, /^\/masuk$/);
  await page.goto(link);
  assert.ok(await page.getByRole('button', { name: 'Buat akun admin' }).count() === 0, 'the link works once');
  await login(page, w.url, 'admin.bkd', password);
  w.admin = page;
}

async function makeAccounts(w) {
  const { admin } = w;
  for (const [name, username, role, scope] of [
    ['Slamet Widodo', 'slamet', 'Admin kepegawaian', agency], ['Endang Sulastri', 'endang', 'Admin kepegawaian', '6403'],
    ['Bambang Wiratmoko', 'bambang', 'Penulis soal', ''], ['Rina Marlina', 'rina.marlina', 'Penelaah soal', ''],
  ]) {
    await admin.goto(w.url + '/admin/akun/baru');
    await admin.fill('#nama', name);
    await admin.fill('#akun', username);
    await admin.locator('#peran label', { hasText: role }).first().click();
    if (scope) await chooseAgency(admin, '#instansi', scope);
    await admin.fill('#sandi', password);
    await admin.fill('#ulangi', password);
    await press(admin, 'Buat akun', { within: admin.locator('main form') });
    await expectPage(admin, /^\/admin\/akun(\/(?!baru)[^/]+)?$/, username);
  }
  await admin.goto(w.url + '/admin/akun');
  const list = await admin.locator('tbody').innerText();
  for (const username of ['admin.bkd', 'slamet', 'endang', 'bambang', 'rina.marlina']) assert.ok(list.includes(username), `${username} is in the list`);
}

// chooseAgency picks an agency by the name that the reference list has for its code.
async function chooseAgency(page, field, code) {
  const list = await readFile(join(import.meta.dirname, '../internal/people/reference/agencies.csv'), 'utf8');
  const name = list.split('\n').map(line => line.split(',')).find(([c]) => c === code)[1];
  await page.selectOption(field, await page.locator(`${field} option`, { hasText: name }).first().getAttribute('value'));
}

async function importRoster(w) {
  w.officer = await w.someone();
  const { officer } = w;
  await login(officer, w.url, 'slamet', password);
  await officer.goto(w.url + '/pegawai/impor');
  await upload(officer, '#berkas', 'pegawai-salah.csv', await fixture('pegawai-salah.csv'), 'text/csv');
  await press(officer, 'Lanjutkan');
  const verdict = await officer.locator('main').innerText();
  for (const told of [/baris 3[^]*NIP rusak oleh Excel/, /baris 4[^]*17 angka, seharusnya 18/, /baris 5[^]*bukan tanggal lahir/, /baris 6[^]*berbeda dari NIP/]) assert.match(verdict, told);
  await officer.goto(w.url + '/pegawai');
  assert.equal(await officer.locator('tbody tr').count(), 0, 'a file with rejected rows was only checked');

  // The phone brings the CSV, the desk the same list as an Excel sheet with title rows.
  const file = w.small ? ['pegawai.csv', await fixture('pegawai.csv')] : ['DUK November.xlsx', await rosterBook('pegawai.csv')];
  await officer.goto(w.url + '/pegawai/impor');
  await upload(officer, '#berkas', ...file);
  await press(officer, 'Lanjutkan');
  assert.match(await officer.locator('.nums').first().innerText(), /Siap\s*5/);
  await press(officer, 'Simpan 5 baris yang siap');
  await press(officer, 'Lihat daftar pegawai');
  assert.equal(await heading(officer), '5 pegawai');
  assert.match(await officer.locator('tbody').innerText(), /SITI AMINAH/i);
}

async function importQuestions(w) {
  w.trainer = await w.someone();
  const { trainer } = w;
  await login(trainer, w.url, 'bambang', password);
  await expectPage(trainer, /^\/bank$/);
  assert.match(await trainer.locator('.sub').first().innerText(), /160 soal/);
  await trainer.goto(w.url + '/bank/impor');
  await upload(trainer, '#berkas', 'soal saya.xlsx', questionBook({ flawed: true }));
  await press(trainer, 'Periksa');
  assert.equal(await heading(trainer), '2 dari 3 soal siap disimpan');
  assert.match(await trainer.locator('main').innerText(), /Soal!J6[^]*Kunci jawaban belum diisi/, 'the fault is told at its cell');
  await press(trainer, 'Perbaiki soal nomor 3', { exact: false });
  await trainer.locator('[name=correct_a]').check();
  await press(trainer, 'Simpan perbaikan');
  await trainer.goto(trainer.url().replace(/[?#].*/, ''));
  assert.equal(await heading(trainer), '3 dari 3 soal siap disimpan');
  await press(trainer, 'Simpan 3 soal');
  assert.equal(await heading(trainer), '3 soal tersimpan sebagai draf');
  assert.equal(await trainer.locator('tbody tr').count(), 3);
  await trainer.locator('tbody a', { hasText: 'nomor tak dikenal' }).click();
  await trainer.waitForURL(/\/bank\/[^/?]+$/);
  assert.match(await trainer.locator('#kunci').innerText(), /Kunci/);
  await press(trainer, 'Ajukan telaah', { exact: false });
  assert.match(await trainer.locator('.lead').first().innerText(), /Ditelaah/);
  assert.equal(await trainer.getByRole('button', { name: 'Setujui' }).count(), 0, 'nobody approves her own question');
}

async function approve(w) {
  const page = await w.someone();
  await login(page, w.url, 'rina.marlina', password);
  await page.goto(w.url + '/bank/telaah');
  assert.equal(await heading(page), '1 soal menunggu telaah Anda');
  await page.locator('.tasks a', { hasText: 'nomor tak dikenal' }).click();
  await page.waitForURL(/\/bank\/[^/?]+$/);
  for (const block of ['materi', 'konstruksi', 'bahasa']) await page.check(`#${block} [value="baik"]`);
  await page.fill('#comment', 'Sudah sesuai kaidah penulisan.');
  await press(page, 'Setujui', { exact: false });
  assert.match(await page.locator('main').innerText(), /Disetujui/);
}

async function makeEvent(w) {
  const { officer } = w;
  await officer.goto(w.url + '/kegiatan/baru');
  await newEvent(officer, { name: 'Pemetaan literasi digital 2026', code: 'LD-2026-01', agencies: 1 });
  w.event = new URL(officer.url()).pathname;
  await officer.goto(w.url + w.event + '/peserta');
  await officer.locator('#agencies label').first().click();
  await press(officer, 'Daftarkan');
  await officer.goto(w.url + w.event + '/peserta');
  assert.equal(await heading(officer), '5 peserta');
}

async function openEvent(w) {
  const { officer } = w;
  await officer.goto(w.url + w.event + '/pemeriksaan');
  await press(officer, 'Siapkan paket soal', { within: officer.locator('main form') });
  await officer.goto(w.url + w.event + '/pemeriksaan');
  await press(officer, 'Buka kegiatan', { within: officer.locator('main form') });
  await officer.goto(w.url + w.event);
  assert.match(await officer.locator('.lead').first().innerText(), /Dibuka|Berlangsung/);
}

async function issueCodes(w) {
  const { officer } = w;
  await officer.goto(w.url + w.event + '/kartu');
  await press(officer, 'Buat kode dan tampilkan kartu');
  const slips = await officer.locator('.slip').allInnerTexts();
  assert.equal(slips.length, 5);
  const mine = slips.find(s => s.replace(/\s/g, '').includes(candidate.nip));
  w.code = /Kode mulai\s+([A-Z0-9-]{10,14})/.exec(mine)[1];
}

async function arrive(w) {
  w.taker = await w.someone();
  const { taker } = w;
  await taker.goto(w.url + '/masuk/kode');
  await taker.fill('#nip', candidate.nip);
  await taker.fill('#kode', 'AAAA-AAAA-AA');
  await press(taker, 'Masuk');
  assert.equal(await taker.locator('.errs').count(), 1, 'a wrong code is refused');
  await loginCode(taker, w.url, candidate.nip.replace(/^(.{8})(.{6})(.)(.{3})$/, '$1 $2 $3 $4'), w.code.toLowerCase());
  await press(taker, 'Mulai persiapan');
  const facts = await taker.locator('.facts').innerText();
  assert.match(facts, /SITI AMINAH/i);
  assert.ok(!(await taker.content()).includes(candidate.nip), 'the number is masked');
  await press(taker, 'Data saya benar, lanjut');
  await press(taker, 'Lanjut ke latihan');
  await taker.locator('fieldset').nth(0).getByText('Selasa').click();
  await press(taker, 'Periksa latihan');
  await press(taker, 'Lanjut ke ruang tunggu');
  assert.equal(await heading(taker), 'Ruang tunggu');
  await begin(taker);
}

async function answer(w) {
  const { taker } = w, context = taker.context();
  assert.equal(await taker.locator('.q').count(), 40);
  assert.equal(await taker.locator('.q:visible').count(), 1, 'one question at a time');
  const letters = n => 'ABAB'[n % 4];
  const mark = text => taker.locator('.net', { hasText: text }).waitFor();
  for (let n = 1; n <= 40; n++) {
    if (n === 12) { await onServer(taker); await context.setOffline(true); }
    await choose(taker, n, letters(n));
    if (n === 5) await taker.locator('.q.now').getByText('Tandai ragu-ragu').click();
    if (n === 16) await mark('5 jawaban menunggu');
    if (n === 20) {
      await context.setOffline(false);
      await onServer(taker);
      const before = await chosen(taker);
      await taker.reload();
      assert.deepEqual(await chosen(taker), before, 'a reload shows the same answers');
      assert.equal(before.filter(Boolean).length, 20);
      assert.match(taker.url(), /#q20$/, 'and the same question');
    }
    if (n < 40) await next(taker);
  }
  await onServer(taker);
  if (w.small) await taker.click('.list-btn');
  assert.match(await taker.locator('#daftar').innerText(), /40 terjawab, 0 belum, 1 ragu-ragu/);
  await taker.evaluate(() => localStorage.clear());
  await taker.reload();
  assert.deepEqual(await chosen(taker), Array.from({ length: 40 }, (_, i) => letters(i + 1)), 'what the server holds is what was chosen');
}

async function handIn(w) {
  const { taker } = w;
  if (w.small) await taker.click('.list-btn');
  await taker.click('[data-review]');
  await taker.waitForURL(/\/tinjau$/);
  assert.match(await taker.locator('.sub').first().innerText(), /40 terjawab, 1 ragu-ragu/);
  await press(taker, 'Kirim sekarang');
  await expectPage(taker, /\/bukti\/1$/);
  assert.match(await taker.locator('.facts').innerText(), /40 dari 40 soal/);
  assert.equal(await taker.evaluate(() => Object.keys(localStorage).filter(k => k.startsWith('cakap:')).length), 0, 'the phone keeps no answers');
  await press(taker, 'Lihat hasil');
  const result = await taker.locator('main').innerText();
  for (const aspect of ['Penggunaan media digital dasar', 'Pengelolaan platform pembelajaran digital', 'Penggunaan media digital lanjut', 'Etika dan keamanan']) assert.ok(result.includes(aspect), aspect);
  w.scores = (await taker.locator('table.score td:nth-of-type(1)').allInnerTexts()).map(text => text.trim());
  assert.equal(w.scores.length, 5, 'four aspects and the total');
  for (const score of w.scores) assert.match(score, /^\d+,\d ± \d+,\d$/);
  await logout(taker);
}

async function watch(w) {
  const { officer } = w;
  await officer.goto(w.url + w.event + '/pantau');
  const figures = await officer.locator('.status').innerText();
  assert.match(figures, /Selesai\s*1\b/);
  await officer.goto(w.url + w.event);
  assert.match(await officer.locator('.nums').first().innerText(), /Terdaftar\s*5[^]*Selesai\s*1\b/);
}

async function download(w) {
  const { officer } = w;
  await officer.goto(w.url + w.event + '/laporan');
  const [file] = await Promise.all([officer.waitForEvent('download'), officer.locator('#unduh').getByRole('button', { name: /^Unduh / }).first().click()]);
  assert.match(file.suggestedFilename(), new RegExp(`^Rekap_LiterasiDigital_${agency}_LD-2026-01_[0-9a-f]{8}\\.xlsx$`));
  const path = join(w.dir, file.suggestedFilename());
  await file.saveAs(path);
  const book = await readFile(path);
  assert.equal(book.subarray(0, 4).toString('latin1'), 'PK\x03\x04');
  const sheets = texts(book), names = Object.keys(sheets);
  for (const name of ['Sampul', 'Ringkasan', 'Rekap Unit', 'Nilai Pegawai', 'Per Aspek', 'Tidak Hadir', 'Kamus Data']) assert.ok(names.includes(name), `sheet ${name} of ${names}`);
  const row = sheets['Nilai Pegawai'].find(cells => cells.includes(candidate.nip));
  assert.ok(row, 'her row is there, her number as text');
  const wanted = w.scores.map(s => s.replaceAll(',', '.').split(' ± ').map(Number)); // A1 … A4, total
  const from = row.findIndex((cell, i) => i > 7 && wanted.every(([score, error], k) => Math.abs(+row[i + 3 * k] - score) <= 0.051 && Math.abs(+row[i + 3 * k + 1] - error) <= 0.051));
  assert.ok(from > 0, `the scores ${w.scores} of her result page stand in her row: ${row}`);
  assert.equal(sheets['Nilai Pegawai'].filter(cells => cells.some(cell => /^\d{18}$/.test(cell))).length, 5, 'those who were absent are listed too');
  assert.equal(sheets['Tidak Hadir'].filter(cells => cells.some(cell => /^\d{18}$/.test(cell))).length, 4);
  if (w.engine === 'sqlite' && w.small && existsSync('/usr/bin/soffice')) {
    await run('soffice', ['--headless', `-env:UserInstallation=file://${join(w.dir, 'office')}`, '--convert-to', 'pdf', '--outdir', w.dir, path], { timeout: 90_000 });
    const pdf = await readFile(path.replace(/xlsx$/, 'pdf'));
    assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-', 'LibreOffice opens and prints it');
    await mkdir(join(import.meta.dirname, 'out'), { recursive: true });
    await writeFile(join(import.meta.dirname, 'out/rekap.pdf'), pdf);
  }
}

async function walls(w) {
  const page = await w.someone();
  await login(page, w.url, 'endang', password);
  for (const path of ['', '/peserta', '/pantau', '/laporan', '/kartu', '/pemeriksaan']) {
    const answer = await page.goto(w.url + w.event + path);
    assert.ok([403, 404].includes(answer.status()), `${path || '/'} answers ${answer.status()}`);
    assert.ok(!(await page.content()).includes('Pemetaan literasi digital 2026'), path);
  }
  await page.goto(w.url + '/pegawai');
  assert.ok(!/SITI AMINAH/i.test(await page.locator('main').innerText()));
}

const verify = async w => assert.match(await cli(w.place, 'verify'), /^1 results recomputed, 5 forms drawn again, [1-9]\d+ audit entries walked: 0 problems\.$/m);
