// A proctor's morning in real browsers: two people work, one reports an item;
// the proctor pauses, lets go on, gives time and proposes the item as faulty,
// all by keyboard; an officer approves, and the score changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, expectPage, login, loginCode, logout, onServer, prepare, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

// on is what has the focus, in the words that a screen reader says.
const on = page => page.evaluate(() => {
  const e = document.activeElement, label = e.labels?.[0] ?? e;
  return (e.getAttribute('aria-label') ?? label.textContent).replace(/\s+/g, ' ').trim();
});

// tabTo presses Tab until the focus is on something that reads like that.
async function tabTo(page, words, most = 400) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if (words.test(await on(page))) return;
  }
  assert.fail(`no ${words} within ${most} tabs; the focus is on ${await on(page)}`);
}

// enter presses Enter and waits for the next page.
async function enter(page) {
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
  await page.waitForLoadState('load');
}

// fill goes to a field and types.
async function type(page, field, text) {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

// renewed waits until the page has looked again by itself.
async function renewed(page) {
  const stamp = page.locator('[data-terakhir]'), before = await stamp.innerText();
  await stamp.filter({ hasNotText: before }).waitFor({ timeout: 60_000 });
}

const count = (page, key) => page.locator(`.status [data-k="${key}"] b`).innerText();
const notice = page => page.locator('.notice.ok').innerText();
const nameOf = page => page.locator('.who b').innerText();

// startCode is the number and a start code of somebody of the officer's agency.
async function startCode(page, base) {
  await page.goto(base + '/kegiatan');
  await page.goto(base + new URL(await page.locator('.tasks a').last().getAttribute('href'), base).pathname + '/peserta?s=not_started');
  await press(page, '', { within: page.locator('tbody th').last(), exact: false });
  const nip = (await page.locator('.sub .mono').innerText()).replace(/\D/g, '');
  await press(page, 'Buat kode mulai', { exact: false });
  const [code] = /\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}\b/.exec(await page.locator('main').innerText());
  return [nip, code];
}

async function score(page, base) {
  await page.goto(base + '/beranda');
  await page.goto(base + await page.locator('a[href*="/hasil/"]').first().getAttribute('href'));
  return page.locator('main').innerText();
}

test('a proctor runs a session by keyboard', { skip, timeout: 300_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed), base = server.url;
  const [first, second, proctor, officer] = [await open(browser, phone), await open(browser, phone), await open(browser, desk), await open(browser, desk)];
  const people = [];
  await login(first, base, who.waiting[0], who.password);
  await login(officer, base, 'kepegawaian', who.password);
  await loginCode(second, base, ...await startCode(officer, base));
  await logout(officer);
  for (const page of [first, second]) {
    people.push(await nameOf(page));
    await prepare(page);
    await begin(page);
  }
  await t.test('people answer', async () => {
    const items = await first.locator('.q').count(), take = first.url().replace(/#.*/, '');
    for (let n = 1; n <= items; n++) {
      await first.goto(`${take}#q${n}`);
      await choose(first, n, 'A');
    }
    await onServer(first);
    await choose(second, 1, 'A');
    await onServer(second);
  });

  await t.test('the console leads to the session', async () => {
    await login(proctor, base, 'pengawas', who.password);
    await proctor.goto(base + '/pengawasan');
    await tabTo(proctor, /^Sesi /);
    await enter(proctor);
    await expectPage(proctor, /^\/pengawasan\/[^/]+$/);
    assert.equal(await count(proctor, 'working'), '2');
    const row = await proctor.locator('tr', { hasText: people[0] }).innerText();
    assert.match(row, /40\/40/);
  });

  await t.test('a report arrives while the proctor types, and disturbs nothing', async () => {
    await tabTo(proctor, /^Nama, unit, atau NIP/);
    await proctor.keyboard.type('sebagian');
    await first.goto(first.url().replace(/#.*/, '') + '#q3');
    const form = first.locator('#q3 details.lapor');
    await form.locator('summary').click();
    await form.locator('[name=catatan]').fill('Pilihan B dan D sama.');
    await form.getByRole('button', { name: 'Kirim laporan' }).click();
    await proctor.locator('.kasus').waitFor({ timeout: 30_000 });
    assert.match(await proctor.locator('.kasus').innerText(), /Pilihan B dan D sama\.[^]*/);
    assert.equal(await proctor.inputValue('#q'), 'sebagian');
    assert.match(await on(proctor), /^Nama, unit, atau NIP/);
    await proctor.locator('[data-kabar]', { hasText: '1 laporan masalah soal baru' }).waitFor({ state: 'attached' });
  });

  await t.test('without a network the page says since when it is old, and comes back', async () => {
    await proctor.context().setOffline(true);
    await proctor.locator('[data-terakhir]', { hasText: /^Pembaruan terhenti sejak \d\d\.\d\d/ }).waitFor({ timeout: 60_000 });
    assert.equal(await count(proctor, 'working'), '2', 'what was known stays on the page');
    await proctor.context().setOffline(false);
    await proctor.locator('[data-terakhir]', { hasText: /^Diperbarui/ }).waitFor({ timeout: 60_000 });
    await tabTo(proctor, /^Jeda pembaruan$/);
    await proctor.keyboard.press('Enter');
    assert.equal(await on(proctor), 'Lanjutkan pembaruan');
    assert.match(await proctor.locator('[data-terakhir]').innerText(), /^Pembaruan dijeda sejak/);
  });

  await t.test('pausing the room stops both clocks', async () => {
    await proctor.goto(proctor.url());
    await tabTo(proctor, /^Jeda seruangan/);
    await enter(proctor);
    await expectPage(proctor, /\/tindakan$/);
    assert.match(await proctor.locator('main').innerText(), new RegExp(`Untuk 2 orang[^]*${people[1]}`));
    await tabTo(proctor, /^Sebab/);
    await proctor.keyboard.press('ArrowDown');
    await type(proctor, /^Keterangan/, 'Sakelar ruang satu');
    await tabTo(proctor, /^Jeda pengerjaan$/);
    await enter(proctor);
    assert.match(await notice(proctor), /2 orang dijeda/);
    assert.equal(await count(proctor, 'paused'), '2');
  });

  await t.test('letting go on moves both deadlines', async () => {
    await tabTo(proctor, /^Lanjutkan semua yang dijeda/);
    await enter(proctor);
    await tabTo(proctor, /^Lanjutkan pengerjaan$/);
    await enter(proctor);
    assert.match(await notice(proctor), /2 orang dilanjutkan/);
    assert.equal(await count(proctor, 'paused'), '0');
  });

  await t.test('one person gets more time', async () => {
    await tabTo(proctor, new RegExp(`^Tindakan untuk ${people[1]}`));
    await proctor.keyboard.press('Enter');
    await renewed(proctor); // the menu is still open, and has the focus
    assert.match(await on(proctor), new RegExp(`^Tindakan untuk ${people[1]}`));
    await tabTo(proctor, /^Tambah waktu$/, 3);
    await enter(proctor);
    await type(proctor, /^Tambahan, dalam menit/, '12');
    await type(proctor, /^Keterangan/, 'Gawai diganti');
    await tabTo(proctor, /^Tambah waktu$/);
    await enter(proctor);
    assert.match(await notice(proctor), /Waktu ditambah 12 menit untuk 1 orang\. Batas waktu paling akhir sekarang \d\d\.\d\d/);
    assert.match(await proctor.locator('tr', { hasText: people[1] }).innerText(), /\+\d+ menit/);
  });

  await t.test('ticked people are acted on together', async () => {
    await tabTo(proctor, new RegExp(`^Pilih ${people[0]}`));
    await proctor.keyboard.press('Space');
    await tabTo(proctor, /^Catat kejadian$/);
    await enter(proctor);
    await type(proctor, /^Apa yang terjadi/, 'Bertanya tentang soal 3 pukul 09.05');
    await tabTo(proctor, /^Catat kejadian$/);
    await enter(proctor);
    assert.match(await notice(proctor), /dicatat untuk berita acara/);
  });

  await t.test('the item is proposed as faulty', async () => {
    await tabTo(proctor, /^Usulkan butir bermasalah/);
    await proctor.keyboard.press('Enter');
    await type(proctor, /^Apa yang salah/, 'Dua pilihan sama');
    await enter(proctor);
    assert.match(await notice(proctor), /Petugas lain memutuskan/);
    assert.equal(await proctor.locator('.kasus').count(), 0);
  });

  await t.test('an approval takes it out of the score', async () => {
    await first.goto(first.url().replace(/soal.*/, 'tinjau'));
    await press(first, 'Kirim sekarang');
    await expectPage(first, /\/bukti\//);
    const before = await score(first, base);
    await login(officer, base, 'bkd.provinsi', who.password);
    await officer.goto(new URL(proctor.url()).origin + new URL(proctor.url()).pathname + '/butir');
    await press(officer, 'Lihat dampak dan putuskan', { exact: false });
    assert.match(await officer.locator('main').innerText(), /pengerjaan terkirim memuat butir ini/);
    await officer.fill('#reason', 'Pilihan B dan D memang sama');
    await press(officer, 'Keluarkan dari skor');
    assert.match(await notice(officer), /[1-9]\d* hasil dihitung ulang/);
    assert.notEqual(await score(first, base), before, 'the score has not changed');
  });
  assert.deepEqual([first, second, proctor, officer].flatMap(p => p.context().faults), []);
});
