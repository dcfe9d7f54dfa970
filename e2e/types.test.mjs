// A question of every type, from the file that brings them to the result: taken
// on a phone with taps, and on one without JavaScript; the essays marked by a
// reviewer who reads no name.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launch, open, phone, skip, wide } from './lib/browser.mjs';
import { texts } from './lib/files.mjs';
import { begin, expectPage, heading, login, loginCode, newEvent, next, onServer, prepare, press } from './lib/pages.mjs';
import { addUser, cli, makePlace, start } from './lib/server.mjs';
import { answerOf, extras, indicator, level, state, types, typesFile } from './lib/types.mjs';

const password = 'kereta senja menuju Purwokerto';
const touch = { hasTouch: true, isMobile: true, reducedMotion: 'reduce' };

test('a question of every type, answered by touch and without JavaScript', { skip, timeout: 120_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const place = await makePlace();
  t.after(() => place.remove());
  const known = await bank(place);
  const server = await start('serve', place);
  t.after(() => server.stop());
  const contexts = [];
  const someone = async (options = {}) => {
    const page = await open(browser, phone, { ...touch, ...options });
    contexts.push(page.context());
    return page;
  };
  const step = async (name, work) => {
    let failed = null;
    await t.test(name, async () => { try { await work(); } catch (e) { failed = e; throw e; } });
    if (failed) throw new Error(`the journey ends at: ${name}`);
  };
  const w = { place, url: server.url, someone, known };

  await step('a reviewer approves what the trainer hands in', () => approveAll(w));
  await step('the officer makes an event with essays and extras', () => makeEvent(w));
  await step('every type by touch, each accessible and kept by the server', () => byTouch(w));
  await step('every type without JavaScript', () => withoutScript(w));
  await step('the results wait for the marker, and say so', () => waiting(w));
  await step('a reviewer marks the essays', () => mark(w));
  await step('the results are complete', () => complete(w));
  assert.match(await cli(place, 'verify'), /^2 results recomputed, 5 forms drawn again, [1-9]\d+ audit entries walked: 0 problems\.$/m);
  assert.deepEqual(contexts.flatMap(c => c.faults), [], 'no script error and no 5xx on the way');
});

// bank makes accounts, people and drafts, and counts the questions of the same
// indicator and level that come with the product: the event draws those too.
async function bank(place) {
  await cli(place, 'migrate');
  for (const [name, ...role] of [['penulis', 'trainer'], ['penelaah', 'reviewer'], ['kepegawaian', 'officer', '--agency', '6402']]) {
    await addUser(place, name, password, '--name', `Petugas ${name}`, '--role', ...role);
  }
  await cli(place, 'roster', 'import', join(import.meta.dirname, 'fixtures/pegawai.csv'), '--agency', '6402');
  const file = join(place.dir, 'jenis.zip');
  await writeFile(file, typesFile());
  const report = JSON.parse(await cli(place, 'bank', 'import', file, '--json'));
  assert.deepEqual([report.counts.items, report.counts.rejected, Object.keys(report.counts.by_type).length], [types, 0, types], JSON.stringify(report.items.flatMap(i => i.messages)));
  const shipped = join(place.dir, 'bawaan.xlsx');
  await cli(place, 'bank', 'export', '--indicator', indicator, '--status', 'approved', '--out', shipped);
  return texts(await readFile(shipped)).Soal.filter(row => row.includes(level)).length;
}

// approveAll sends the forms of the two pages; how they look is the journey's
// subject.
async function approveAll(w) {
  const { someone, url } = w;
  const at = async (page, path) => page.goto(url + path);
  const post = async (page, path, form) => {
    const r = await page.request.post(url + path, { form, headers: { Origin: url }, maxRedirects: 0 });
    assert.equal(r.status(), 303, `${path}: ${(await r.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 300)}`);
  };
  const trainer = await someone(), reviewer = await someone();
  await login(trainer, url, 'penulis', password);
  await login(reviewer, url, 'penelaah', password);
  await at(trainer, '/bank?status=draft');
  const items = new Set(await trainer.locator('main a[href^="/bank/"]').evaluateAll(all => all.map(a => new URL(a.href).pathname).filter(p => /^\/bank\/[A-Za-z0-9_-]{12,}$/.test(p))));
  assert.equal(items.size, types, 'every draft is in the list');
  for (const item of items) {
    await post(trainer, item + '/ajukan', { rev: '1' });
    await post(reviewer, item + '/setujui', { rev: '1', materi: 'baik', konstruksi: 'baik', bahasa: 'baik', comment: 'Sesuai.' });
  }
  w.reviewer = reviewer;
}

async function makeEvent(w) {
  const { place, url } = w, scored = types - extras + w.known;
  const spec = join(place.dir, 'kisi.json');
  await writeFile(spec, JSON.stringify({ cells: [{ aspect: 1, indicator, level, count: scored }], minutes: 60, phones: true }));
  await cli(place, 'blueprint', 'create', spec, '--code', 'SEMUA', '--name', 'Semua jenis soal');
  const page = w.officer = await w.someone();
  await login(page, url, 'kepegawaian', password);
  await page.goto(url + '/kegiatan/baru');
  await newEvent(page, { name: 'Semua jenis soal', code: 'JENIS-1', agencies: 1, blueprint: 'Semua jenis soal', more: async () => {
    await page.getByText('Sertakan uraian').tap();
    await page.locator('#extra label').nth(0).tap();
    await page.locator('#extra label').nth(1).tap();
    assert.ok(await wide(page) <= 0, 'the form fits a phone');
    assert.deepEqual(await violations(page), []);
  } });
  w.event = new URL(page.url()).pathname;
  assert.match(await page.locator('main').innerText(), new RegExp(`${types + w.known} soal, 60 menit; 2 di antaranya tidak dinilai[^]*disertakan, dinilai satu orang`));
  for (const act of ['enrol', 'prepare', 'open']) await cli(place, 'event', act, '--event', 'JENIS-1');
  await page.goto(url + w.event + '/kartu');
  await press(page, 'Buat kode dan tampilkan kartu');
  w.codes = Object.fromEntries((await page.locator('.slip').allInnerTexts()).map(s => [s.replace(/\s/g, '').match(/\d{18}/)[0], /Kode mulai\s+([A-Z0-9-]{10,14})/.exec(s)[1]]));
}

// arrive logs a person in by start code and begins.
async function arrive(w, nip, options) {
  const page = await w.someone(options);
  await loginCode(page, w.url, nip, w.codes[nip]);
  await prepare(page);
  await begin(page);
  assert.equal(await page.locator('.q').count(), types + w.known);
  return page;
}

// wordsOf is a question's text, null for one that came with the product.
async function wordsOf(q) {
  const words = await q.locator('.stem').first().innerText();
  try { return { words, answer: answerOf(words) }; } catch { return null; }
}

async function byTouch(w) {
  const page = w.one = await arrive(w, '198703122011012004', { serviceWorkers: 'block' }); // which would have kept the picture
  await pictureAgain(page);
  const total = types + w.known;
  let met = 0;
  for (let n = 1; n <= total; n++) {
    const q = page.locator('#q' + n), mine = await wordsOf(q);
    if (mine) {
      met++;
      if (mine.answer) await mine.answer(q, true);
      assert.deepEqual(await violations(page), [], mine.words);
      for (const width of [320, 360]) {
        await page.setViewportSize({ width, height: 740 });
        assert.ok(await wide(page) <= 0, `${mine.words} at ${width} px`);
      }
    }
    if (n < total) await next(page);
  }
  assert.equal(met, types, 'every type was met');
  await onServer(page);
  const before = await state(page);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  assert.deepEqual(await state(page), before, 'the server holds what was chosen');
  assert.equal(before.filter(state => /=./.test(state)).length, types - 1, 'and every question but the text to read is answered');
  await hand(page, w);
}

// pictureAgain loses a picture on the way, as bad networks do, and fetches it again.
async function pictureAgain(page) {
  await page.route('**/media/**', r => r.abort('internetdisconnected'));
  await page.reload();
  const again = page.locator('button', { hasText: 'Muat ulang gambar' }).first();
  await again.waitFor({ state: 'attached' });
  await page.unroute('**/media/**');
  await again.evaluate(b => b.click());
  await page.waitForFunction(() => [...document.querySelectorAll('.q img')].some(i => i.naturalWidth));
  await page.reload();
}

async function withoutScript(w) {
  const page = w.two = await arrive(w, '199105202015031002', { javaScriptEnabled: false });
  const total = types + w.known;
  for (let n = 1; n <= total; n++) {
    const q = page.locator('#q' + n), mine = await wordsOf(q);
    if (!mine?.answer) continue;
    await mine.answer(q, false);
    await press(page, n < total ? 'Simpan dan lanjut' : 'Simpan dan periksa', { within: q, exact: false });
    if (n < total) assert.match(await page.locator('.net').innerText(), new RegExp(`Jawaban soal ${n} tersimpan di server`));
  }
  await page.goto(page.url().replace(/\/(soal|tinjau).*/, '/soal'));
  assert.ok(await wide(page) <= 0);
  const kept = await page.locator('.qlist .cells .vh').allInnerTexts();
  assert.equal(kept.filter(text => /^, terjawab(, pilihan|$)/.test(text)).length, types - 1, `every answer is on the server, whole: ${kept}`);
  await hand(page, w);
}

// hand hands in, with every question answered but those of the product.
async function hand(page, w) {
  await page.goto(page.url().replace(/\/soal.*/, '/tinjau'));
  assert.match(await page.locator('.sub').first().innerText(), new RegExp(`^${types - 1} terjawab`));
  if (w.known) await page.getByLabel(`Saya tahu ${w.known} soal belum dijawab`).check();
  await press(page, 'Kirim sekarang');
  await expectPage(page, /\/bukti\/1$/);
  await press(page, 'Lihat hasil');
}

async function waiting(w) {
  for (const page of [w.one, w.two]) {
    assert.equal(await heading(page), 'Nilai Anda belum lengkap: jawaban uraian masih dinilai');
    assert.ok(!/± /.test(await page.locator('table.score').innerText()), 'half a score is not shown');
  }
  await w.officer.goto(w.url + w.event);
  assert.match(await w.officer.locator('main').innerText(), /2 jawaban uraian menunggu penilai/);
}

async function mark(w) {
  const page = w.reviewer;
  await page.goto(w.url + '/penilaian');
  assert.equal(await heading(page), '2 jawaban uraian menunggu nilai Anda');
  await press(page, 'Mulai menilai');
  for (const last of [false, true]) {
    await expectPage(page, /^\/penilaian\/.+/);
    const shown = await page.locator('main').innerText();
    assert.ok(shown.includes('Isinya mendesak & meminta <kata sandi>.'), 'the text as it was written');
    assert.ok(!/SITI|BUDI|19870312|19910520/i.test(await page.content()), 'nobody is named');
    assert.ok(await wide(page) <= 0);
    assert.deepEqual(await violations(page), []);
    await page.fill('#pa', '4');
    await page.fill('#pb', '6');
    await press(page, 'Simpan dan lanjut');
    if (last) await expectPage(page, /^\/penilaian$/);
  }
  assert.equal(await heading(page), 'Tidak ada jawaban yang menunggu nilai Anda');
}

async function complete(w) {
  const scored = types - extras, want = (100 * scored / (scored + w.known)).toFixed(1).replace('.', ',');
  for (const page of [w.one, w.two]) {
    await page.reload();
    assert.match(await heading(page), /^Literasi digital Anda berada pada tingkat/);
    assert.match(await page.locator('table.score tfoot td').first().innerText(), new RegExp(`^${want} ± \\d+,\\d$`), 'every type gave all its points');
  }
  await w.officer.goto(w.url + w.event);
  assert.ok(!/menunggu penilai/.test(await w.officer.locator('main').innerText()));
}
