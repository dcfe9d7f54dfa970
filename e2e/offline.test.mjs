// A network that goes away in the middle of an attempt, for OFFLINE_SECONDS
// (60; the acceptance run takes 600), with a reload while it is gone. And what
// else happens to browsers: two tabs, a lost cookie, a clock that is wrong.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { begin, choose, chosen, expectPage, login, logout, next, onServer, prepare, press, until, upload } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

const seconds = +(process.env.OFFLINE_SECONDS || 60);
const sleep = ms => new Promise(done => setTimeout(done, ms));

// stored is what the server has: the page as it sends it, without this browser's own copy.
const stored = page => page.evaluate(async () => {
  const doc = new DOMParser().parseFromString(await (await fetch(location.pathname, { cache: 'no-store' })).text(), 'text/html');
  return [...doc.querySelectorAll('.q')].map(q => [...q.querySelectorAll('[name=jawab]:checked')].map(i => i.value).join(''));
});
// cached waits until the service worker has the page and all it is made of.
const cached = page => until(page, async () => {
  const kept = await (await caches.open('cakap')).keys();
  return kept.some(r => r.url.endsWith('/soal')) && kept.filter(r => r.url.includes('/aset/')).length >= 4;
});

test('the network goes away', { skip, timeout: 240_000 + seconds * 1000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const page = await open(browser, phone), context = page.context();
  page.on('dialog', d => d.accept()); // it holds answers, and warns before a reload
  await login(page, server.url, who.waiting[0], who.password);
  await prepare(page);
  await begin(page);
  const answer = async (n, letter) => { await page.evaluate(n => { location.hash = '#q' + n; }, n); await choose(page, n, letter); };

  await t.test('answers before it are on the server', async () => {
    for (let n = 1; n <= 5; n++) await answer(n, 'A');
    await onServer(page);
    await cached(page);
    assert.match(await page.locator('.q.now .tag').innerText(), /Tersimpan di server/);
  });

  await t.test(`${seconds} s without a network, with a reload in between, lose nothing`, async () => {
    const began = Date.now();
    await context.setOffline(true);
    for (let n = 6; n <= 10; n++) await answer(n, 'B');
    await page.locator('.net', { hasText: '5 jawaban menunggu' }).waitFor();
    assert.match(await page.locator('.q.now .tag').innerText(), /Tersimpan di gawai, menunggu server/);
    await page.reload();
    assert.equal(await page.locator('.q').count(), 40, 'the form is there without a network');
    assert.deepEqual((await chosen(page)).slice(0, 11), [...'AAAAABBBBB', ''], 'with every answer laid over it');
    const left = await page.locator('[data-clock]').innerText();
    assert.match(left, /^\d+:\d\d/);
    await answer(2, 'B');
    const second = await page.locator('#q2 [type=checkbox][name=jawab]').count() ? 'AB' : 'B'; // forms are drawn by chance, and a box adds to what was ticked
    for (let n = 11; n <= 15; n++) await answer(n, 'A');
    await page.locator('.net', { hasText: '11 jawaban menunggu' }).waitFor();
    assert.deepEqual(await page.locator('.cells .wait').evaluateAll(all => all.map(a => parseInt(a.textContent, 10))), [2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    while (Date.now() - began < seconds * 1000) await sleep(500);
    if (seconds >= 60) {
      await page.locator('[data-putus]:visible').waitFor({ timeout: 90_000 });
      const notice = await page.locator('[data-putus]').innerText();
      assert.match(notice, /kode pengerjaan [A-Z2-7]{4}-[A-Z2-7]{4}/);
      const [file] = await Promise.all([page.waitForEvent('download'), page.locator('[data-putus] [data-berkas]').click()]);
      assert.match(file.suggestedFilename(), /^cakap-jawaban-[A-Z2-7-]{9}\.jawaban$/);
      const saved = JSON.parse(await readFile(await file.path(), 'utf8'));
      assert.equal(saved.entries.length, 11);
    }
    await page.reload(); // once more: what waited before the first reload still waits
    await page.locator('.net', { hasText: '11 jawaban menunggu' }).waitFor();
    await context.setOffline(false);
    await onServer(page);
    assert.deepEqual((await stored(page)).slice(0, 16), ['A', second, ...'AAABBBBBAAAAA', ''], 'the server has all');
    await page.reload();
    assert.deepEqual((await chosen(page)).slice(0, 16), ['A', second, ...'AAABBBBBAAAAA', '']);
    assert.equal(await page.locator('.cells .wait').count(), 0);
  });

  await t.test('two tabs give their answers different numbers', async () => {
    const other = await context.newPage();
    await other.goto(page.url());
    await context.setOffline(true);
    await page.bringToFront();
    await answer(16, 'A');
    await other.evaluate(() => { location.hash = '#q17'; });
    await choose(other, 17, 'B');
    await answer(18, 'A');
    await page.locator('.net', { hasText: '3 jawaban menunggu' }).waitFor();
    const box = await page.evaluate(() => JSON.parse(localStorage.getItem('cakap:' + document.querySelector('[data-attempt]').dataset.attempt)).q.map(e => [e.n, e.s]));
    assert.equal(new Set(box.map(([, s]) => s)).size, 3, `${JSON.stringify(box)}`);
    assert.equal(await page.locator('#q17 input[value=B]').isChecked(), true, 'a tab shows what the other did');
    await context.setOffline(false);
    await onServer(page);
    await onServer(other);
    assert.deepEqual((await stored(page)).slice(15, 18), ['A', 'B', 'A']);
    await other.close();
  });

  await t.test('a phone clock an hour ahead changes nothing', async () => {
    const left = async () => (await page.locator('[data-clock]').innerText()).split(':').reduce((a, b) => 60 * a + +b, 0);
    const before = await left();
    await context.addInitScript(() => { const real = Date.now; Date.now = () => real() + 3_600_000; });
    await page.reload();
    await answer(19, 'B');
    await onServer(page);
    await page.reload();
    assert.ok(before - await left() < 60, `${before} s, then ${await left()} s`);
    assert.equal(await page.locator('[data-locked]').isVisible(), false);
    assert.equal((await stored(page))[18], 'B');
  });

  await t.test('a lost cookie costs a log-in and no answer', async () => {
    await context.clearCookies();
    await answer(20, 'A');
    await onServer(page); // the attempt's own ticket still saves
    await context.setOffline(true);
    await answer(21, 'B');
    await page.locator('.net', { hasText: '1 jawaban menunggu' }).waitFor();
    const at = page.url().replace(/#.*/, '');
    await context.setOffline(false);
    await page.goto(at);
    await expectPage(page, /^\/masuk$/);
    await page.fill('#nip', who.waiting[0]);
    await page.fill('#sandi', who.password);
    await press(page, 'Masuk');
    await page.goto(at);
    await press(page, 'Lanjutkan di perangkat ini'); // a browser without its cookie is another one
    await expectPage(page, /\/soal$/);
    await onServer(page);
    assert.deepEqual((await stored(page)).slice(18, 21), ['B', 'A', 'B']);
  });

  await t.test('a submission waits for the network and then goes', async () => {
    await answer(22, 'A');
    await onServer(page);
    await page.goto(page.url().replace(/soal.*/, 'tinjau'));
    await page.check('#sadar');
    const kept = await page.evaluate(() => {
      const key = 'cakap:' + document.querySelector('[data-attempt]').dataset.attempt, box = JSON.parse(localStorage.getItem(key));
      box.q.push({ n: 23, s: ++box.s, v: 'A', d: false });
      localStorage.setItem(key, JSON.stringify(box)); // as if this one had not gone out yet
      document.querySelector('[name=terakhir]').value = box.s;
      return box.s;
    });
    assert.ok(kept > 22);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Kirim sekarang' }).click();
    await page.locator('[data-waiting]:visible', { hasText: 'Menunggu jaringan' }).waitFor();
    await context.setOffline(false);
    await page.waitForURL(/\/bukti\/1$/, { timeout: 60_000 });
    assert.match(await page.locator('.facts').innerText(), /23 dari 40 soal/);
  });

  await t.test('the receipt wipes this browser', async () => {
    await until(page, async () => !(await caches.keys()).includes('cakap') && !(await indexedDB.databases()).some(d => d.name === 'cakap'));
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await logout(page);
  });
  assert.deepEqual(context.faults.filter(f => !/ERR_|Failed to fetch|TIMED_OUT/.test(f)), []);
});

test('an answer file reaches the server by hand', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const page = await open(browser, phone);
  page.on('dialog', d => d.accept());
  await login(page, server.url, who.waiting[0], who.password);
  await prepare(page);
  await begin(page);
  await choose(page, 1, 'A');
  await onServer(page);
  await page.context().setOffline(true);
  for (let n = 2; n <= 4; n++) { await next(page); await choose(page, n, 'B'); }
  await page.locator('.net', { hasText: '3 jawaban menunggu' }).waitFor();
  await page.click('.menu-b');
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#menu [data-berkas]').click()]);
  const text = await readFile(await file.path());
  assert.match(await page.locator('[data-berkas-kata]').innerText(), /tersimpan\. Serahkan/);

  const officer = await open(browser, desk);
  await login(officer, server.url, 'bkd.provinsi', who.password);
  await officer.goto(server.url + '/kegiatan');
  const event = new URL(await officer.locator('.tasks a').last().getAttribute('href'), server.url);
  await officer.goto(event.href + '/berkas');
  await officer.setInputFiles('#berkas', [
    { name: file.suggestedFilename(), mimeType: 'application/json', buffer: text },
    { name: 'kosong.jawaban', mimeType: 'application/json', buffer: Buffer.from('{"format":"cakap-jawaban"}') },
  ]);
  await press(officer, 'Unggah dan periksa');
  assert.match(await officer.locator('.notice').first().innerText(), /3 jawaban baru masuk, 0 disimpan sebagai susulan, 1 berkas ditolak/);
  assert.match(await officer.locator('tbody tr').nth(1).innerText(), /kosong\.jawaban[^]*bukan berkas jawaban/i);
  await upload(officer, '#berkas', 'lagi.jawaban', text, 'application/json');
  await press(officer, 'Unggah dan periksa');
  assert.match(await officer.locator('.notice').first().innerText(), /0 jawaban baru masuk/, 'the same file twice is once');

  await page.context().setOffline(false); // the phone comes back, and its own answers are there already
  await onServer(page);
  assert.deepEqual((await stored(page)).slice(0, 5), ['A', 'B', 'B', 'B', '']);
  const unsent = await page.evaluate(async token => (await fetch('/api/jawaban', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + token }, body: '{"a":[{"n":1,"s":9,"v":"B","d":false}]}' })).status, JSON.parse(text).token);
  assert.equal(unsent, 401, 'the token of a file saves nothing by itself');
});
