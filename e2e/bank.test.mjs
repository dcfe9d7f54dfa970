// The whole life of an item in the browser: a trainer brings a Word file with
// pictures, mends the three questions that cannot be taken as they are, saves,
// sends to review; another person asks for a change, the trainer makes it, and
// the other person approves. At the size of a phone and of a desk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { desk, launch, open, phone, skip, wide } from './lib/browser.mjs';
import { expectPage, heading, login, press, upload } from './lib/pages.mjs';
import { makePlace, start } from './lib/server.mjs';
import { trainerWord } from './lib/word.mjs';

const password = 'peraga-cakap-2026';

for (const [label, viewport] of [['360 × 740', phone], ['1280 × 800', desk]]) {
  test(`the life of an item at ${label}`, { skip, timeout: 180_000 }, t => life(t, viewport));
}

// shown waits for a picture, which loads when it comes into view.
async function shown(picture) {
  await picture.scrollIntoViewIfNeeded();
  return picture.evaluate(i => i.decode().then(() => i.naturalWidth > 0));
}

async function life(t, viewport) {
  const browser = await launch();
  t.after(() => browser.close());
  const place = await makePlace('sqlite');
  t.after(() => place.remove());
  const server = await start('demo', place);
  t.after(() => server.stop());
  const someone = async name => {
    const page = await open(browser, viewport, { reducedMotion: 'reduce' });
    page.on('dialog', d => d.accept());
    await login(page, server.url, name, password);
    return page;
  };
  const sound = async page => {
    assert.equal(await wide(page), 0, `${page.url()} scrolls sideways`);
    assert.deepEqual(await violations(page), [], page.url());
  };
  const trainer = await someone('widyaiswara'), reviewer = await someone('penelaah');

  await trainer.goto(server.url + '/bank/impor');
  await upload(trainer, '#berkas', 'soal saya.docx', trainerWord());
  await trainer.selectOption('#indikator', 'A1.2');
  await press(trainer, 'Periksa');
  assert.equal(await heading(trainer), '2 dari 5 soal siap disimpan');
  await sound(trainer);
  const report = trainer.url().replace(/[?#].*/, '');
  const verdict = await trainer.locator('main').innerText();
  for (const told of [/paragraf 14[^]*Kunci jawaban belum diisi/, /paragraf 19[^]*opsi E yang tidak ada/, /paragraf 24[^]*sekarang 1/]) assert.match(verdict, told);

  // The picture is seen before anything is saved.
  await press(trainer, 'Lihat soal nomor 1', { exact: false });
  const picture = trainer.locator('.phone img');
  assert.equal(await picture.getAttribute('alt'), 'Ikon disket berwarna biru');
  assert.ok(await shown(picture), 'the picture of the Word file is shown');
  await trainer.goto(report);

  const mend = async (n, work) => {
    await press(trainer, `Perbaiki soal nomor ${n}`, { exact: false });
    await work();
    await press(trainer, 'Simpan perbaikan');
    await trainer.goto(report);
  };
  await mend(3, () => trainer.locator('[name=correct_b]').check());
  await mend(4, () => trainer.locator('[name=correct_a]').check());
  await mend(5, async () => {
    for (const [id, text] of [['b', '.xlsx'], ['c', '.mp3']]) {
      if (!await trainer.locator(`#option_${id}`).count()) {
        await trainer.getByRole('button', { name: 'Tambah baris' }).click();
        await trainer.locator(`#option_${id}`).waitFor();
      }
      await trainer.fill(`#option_${id}`, text);
    }
  });
  assert.equal(await heading(trainer), '5 dari 5 soal siap disimpan');
  await press(trainer, 'Simpan 5 soal');
  assert.equal(await heading(trainer), '5 soal tersimpan sebagai draf');
  await sound(trainer);
  await press(trainer, 'Ajukan 5 soal ke telaah');

  // The second person wants a change of the question with a picture.
  await reviewer.goto(server.url + '/bank/telaah');
  assert.match(await heading(reviewer), /^5 soal menunggu/);
  await reviewer.locator('.tasks a', { hasText: 'Ikon pada gambar' }).click();
  await reviewer.waitForURL(/\/bank\/[^/?]+/);
  await sound(reviewer);
  const item = reviewer.url().replace(/[?#].*/, '');
  assert.ok(await shown(reviewer.locator('.phone img')), 'the stored picture is shown');
  await reviewer.locator('#konstruksi label', { hasText: 'Perlu perbaikan' }).click();
  for (const block of ['materi', 'bahasa']) await reviewer.locator(`#${block} label`, { hasText: /^\s*Baik/ }).click();
  await reviewer.fill('#comment', 'Tambahkan kata "disket" pada pembahasan.');
  await press(reviewer, 'Minta revisi');

  await trainer.goto(item);
  assert.match(await trainer.locator('main').innerText(), /Tambahkan kata/);
  await trainer.goto(item + '/ubah');
  await trainer.fill('#rationale', 'Ikon disket dipakai untuk menyimpan.');
  await sound(trainer);
  await press(trainer, 'Simpan dan ajukan telaah');
  await expectPage(trainer, /^\/bank\/[^/]+$/);
  assert.match(await trainer.locator('main').innerText(), /versi 2/i);
  assert.equal(await trainer.getByRole('button', { name: /^Setujui/ }).count(), 0, 'nobody approves their own work');

  await reviewer.goto(item);
  for (const block of ['materi', 'konstruksi', 'bahasa']) await reviewer.locator(`#${block} label`, { hasText: /^\s*Baik/ }).click();
  await press(reviewer, 'Setujui', { exact: false });
  await reviewer.goto(item);
  assert.match(await reviewer.locator('main').innerText(), /Disetujui/);

  // What changed between the two revisions can be read.
  await reviewer.goto(item + '/banding');
  assert.match(await reviewer.locator('main').innerText(), /Ikon disket dipakai untuk menyimpan/);
  await sound(reviewer);
  for (const page of [trainer, reviewer]) assert.deepEqual(page.context().faults, []);
}
