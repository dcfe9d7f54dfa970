// What people do on the pages, in the words they see. A helper fails loudly
// when the page it leads to is not the one expected.
import assert from 'node:assert/strict';

export const heading = page => page.locator('h1').first().innerText();

// press clicks a button or link by its words and waits for the next page.
export async function press(page, name, { within = page, exact = true } = {}) {
  const target = within.getByRole('button', { name, exact }).or(within.getByRole('link', { name, exact })).first();
  await Promise.all([page.waitForEvent('framenavigated', { timeout: 30_000 }), target.click()]);
  await page.waitForLoadState('load');
}

// expectPage asserts where a person is, and says what the page told instead.
export async function expectPage(page, pattern, why = '') {
  const at = new URL(page.url()).pathname;
  if (pattern.test(at)) return;
  const told = await page.locator('.errs, .emsg, .notice').allInnerTexts();
  assert.fail(`${why || 'expected page'} ${pattern}, but at ${at}: ${await heading(page)} ${told.join(' | ')}`);
}

export async function login(page, base, username, password) {
  await page.goto(base + '/masuk');
  await page.fill('#nip', username);
  await page.fill('#sandi', password);
  await press(page, 'Masuk');
  assert.ok(!new URL(page.url()).pathname.startsWith('/masuk'), `${username} cannot log in: ${await page.locator('.errs').allInnerTexts()}`);
}

export async function loginCode(page, base, nip, code) {
  await page.goto(base + '/masuk/kode');
  await page.fill('#nip', nip);
  await page.fill('#kode', code);
  await press(page, 'Masuk');
  await expectPage(page, /^\/beranda$/, `start code of ${nip.slice(0, 4)}…`);
}

export const logout = page => press(page, 'Keluar');

// rules walks from home to the rules.
export async function rules(page) {
  await press(page, 'Mulai persiapan');
  await expectPage(page, /^\/ikut\/[^/]+$/);
  await press(page, 'Data saya benar, lanjut');
  await expectPage(page, /\/tata-tertib$/);
}

// prepare walks from home to the waiting room, where the start is.
export async function prepare(page) {
  await rules(page);
  await press(page, 'Lewati latihan');
  await expectPage(page, /\/tunggu$/);
}

export async function begin(page) {
  await page.locator('[data-mulai]:enabled').waitFor();
  await press(page, 'Mulai mengerjakan');
  await expectPage(page, /\/soal$/, 'the take page after the start');
}

// choose answers the question that is open, by its letter, as people do: on
// the label.
export const choose = (page, n, letter) => page.locator(`#q${n} .opt`, { has: page.locator(`input[value="${letter}"]`) }).click();

// next goes to the following question.
export const next = page => page.locator('.q.now .qnav .go').click();

// until waits for an answer that takes a promise; waitForFunction would take the promise for a yes.
export async function until(page, ask) {
  for (const end = Date.now() + 20_000; !await page.evaluate(ask); await page.waitForTimeout(50)) assert.ok(Date.now() < end, `waited in vain for ${ask}`);
}

// onServer waits until nothing waits on the phone any more.
export const onServer = page => page.locator('.net .tag', { hasText: /^(Tersimpan di server|\d+ jawaban sudah di server|Semua jawaban ada)/ }).waitFor();

// chosen are the letters of all questions, as the form has them now.
export const chosen = page => page.locator('.q').evaluateAll(all => all.map(q => [...q.querySelectorAll('[name=jawab]:checked')].map(i => i.value).join('')));

// upload puts a file into a form's file field.
export const upload = (page, selector, name, buffer, mimeType = 'application/octet-stream') => page.setInputFiles(selector, { name, mimeType, buffer });

// newEvent fills the form of a new event that is open now: name, code, how
// many of the agencies offered take part (Infinity: all), its blueprint, and what else is to be
// filled in.
export async function newEvent(page, { name, code, agencies, blueprint: plan = 'Ringkas', more = async () => {} }) {
  await page.fill('#name', name);
  await page.fill('#code', code);
  const blueprint = page.locator('#blueprint option', { hasText: plan });
  await page.selectOption('#blueprint', await blueprint.first().getAttribute('value'));
  const offered = page.locator('[name=agencies]'), all = await offered.count();
  for (let i = 0; i < Math.min(agencies, all); i++) await offered.nth(i).check();
  const local = ms => new Date(ms + 7 * 3600_000).toISOString().slice(0, 16); // WIB
  await page.selectOption('#zone', 'WIB');
  await page.fill('#opens', local(Date.now() - 600_000));
  await page.fill('#closes', local(Date.now() + 86_400_000));
  await page.getByText('Langsung setelah peserta mengirim').click();
  await more();
  await press(page, 'Buat kegiatan', { within: page.locator('main form') });
  await expectPage(page, /^\/kegiatan\/(?!baru)[^/]+$/, 'the new event');
}

// openEvent makes an event as newEvent does, enrols its agencies, draws the
// forms and opens it. between may still change the event before that.
export async function openEvent(page, base, { between = async () => {}, ...event }) {
  await page.goto(base + '/kegiatan/baru');
  await newEvent(page, event);
  const at = page.url().replace(/[?#].*/, '');
  await page.goto(at + '/peserta');
  for (const label of await page.locator('#agencies label').all()) await label.click();
  await press(page, 'Daftarkan');
  await between(at);
  await page.goto(at + '/pemeriksaan');
  await press(page, 'Siapkan paket soal', { within: page.locator('main form') });
  await page.goto(at + '/pemeriksaan');
  await press(page, 'Buka kegiatan', { within: page.locator('main form') });
  return at;
}
