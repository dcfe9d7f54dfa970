// Papers: what an officer downloads is a PDF, and the QR code of a card opens
// the login with everything filled in while the server hears nothing of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { desk, launch, open, phone, skip, wide } from './lib/browser.mjs';
import { expectPage, login, press } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

test('papers and the QR code of a card', { skip, timeout: 180_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const who = accounts(server.printed);
  const number = who.nip.replace(/\D/g, ''), code = who.code.replace(/-/g, '');
  const card = `${server.url}/masuk/kode#${number}.${code}`;

  await t.test('the QR code fills the form, and nothing of it leaves the phone', async () => {
    const page = await open(browser, phone);
    const heard = [];
    page.on('request', r => heard.push(r.url() + JSON.stringify(r.headers()) + (r.postData() ?? '')));
    await page.goto(card);
    assert.equal((await page.inputValue('#nip')).replace(/\D/g, ''), number);
    assert.equal(await page.inputValue('#kode'), code);
    assert.equal(page.url(), server.url + '/masuk/kode', 'the address holds neither number nor code any more');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Masuk', 'one press is left to do');
    for (const one of heard) assert.ok(!one.includes(number) && !one.includes(code), one);
    await press(page, 'Masuk');
    await expectPage(page, /^\/beranda$/);
    assert.deepEqual(page.context().faults, []);
  });

  await t.test('a fragment that is no card changes nothing', async () => {
    const page = await open(browser, phone);
    for (const odd of ['#isi', '#.', '#%E0%A4%A.ABC', '#<img src=x>.AB']) {
      await page.goto('about:blank');
      await page.goto(`${server.url}/masuk/kode${odd}`);
      assert.equal(await page.inputValue('#kode'), '', odd);
    }
    assert.deepEqual(page.context().faults, []);
  });

  await t.test('without JavaScript the form is there to type in', async () => {
    const page = await open(browser, phone, { javaScriptEnabled: false });
    await page.goto(card);
    assert.equal(await page.inputValue('#kode'), '');
    await page.fill('#nip', number);
    await page.fill('#kode', code);
    await press(page, 'Masuk');
    await expectPage(page, /^\/beranda$/);
  });

  await t.test('every paper of a session is a PDF with its name', async () => {
    const page = await open(browser, desk);
    await login(page, server.url, 'bkd.provinsi', who.password);
    await page.goto(server.url + '/kegiatan');
    await page.goto(new URL(await page.locator('.tasks a').last().getAttribute('href'), server.url).href + '/berkas-cetak');
    const fetched = async name => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
      const body = await readFile(await file.path());
      assert.equal(body.subarray(0, 5).toString(), '%PDF-', name);
      assert.match(file.suggestedFilename(), /^[a-z0-9-]+\.pdf$/, name);
      assert.ok(!file.url().includes(number), 'no number in the address');
      return body;
    };
    for (const name of ['Unduh daftar hadir', 'Unduh berita acara', 'Unduh tata tertib', 'Unduh berita acara pelanggaran', 'Unduh kartu tanpa kode']) {
      const body = await fetched(name);
      assert.match(body.toString('latin1'), /\/MediaBox \[0 0 609\.45 935\.43\]/, `${name} is F4`);
    }
    await page.selectOption('#kertas-a', 'a4');
    assert.match((await fetched('Unduh daftar hadir')).toString('latin1'), /\/MediaBox \[0 0 595\.28 841\.89\]/, 'A4 where it was chosen');
    await page.setViewportSize(phone);
    assert.ok(await wide(page) <= 0, 'no wider than a phone');
  });
});
