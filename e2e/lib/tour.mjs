// Every page of the demonstration, in the state a person meets it. The
// accessibility test and the screenshots walk the same list, so a page that
// one of them sees the other sees too.
import { begin, choose, login, loginCode, onServer, press, prepare } from './pages.mjs';
import { accounts } from './server.mjs';

// guests' pages need nobody.
const guests = [
  ['masuk', p => p.to('/masuk')],
  ['masuk-galat', async p => { await p.to('/masuk'); await p.page.fill('#nip', '19900101 201503 1 001'); await p.page.fill('#sandi', 'bukan kata sandi'); await press(p.page, 'Masuk'); }],
  ['masuk-kode', p => p.to('/masuk/kode')],
  ['aktivasi', p => p.to('/aktivasi')],
  ['bantuan', p => p.to('/bantuan')],
  ['privasi', p => p.to('/privasi')],
  ['tidak-ada', p => p.to('/tidak-ada')],
];

const waiting = [
  ['beranda', p => p.to('/beranda')],
  ['latihan', p => p.to('/latihan')],
  ['latihan-diperiksa', async p => {
    await p.to('/latihan');
    await p.page.locator('fieldset').nth(0).getByText('Selasa').click();
    await p.page.locator('fieldset').nth(2).getByText('Salah', { exact: true }).click();
    await press(p.page, 'Periksa latihan');
  }],
  ['identitas', async p => { await p.to('/beranda'); await press(p.page, 'Mulai persiapan'); }],
  ['aturan', async p => { await p.to('/beranda'); await prepare(p.page); }],
];

// working is somebody in the middle of an attempt.
const working = [
  ['soal', async p => { await p.page.goto(p.take); await onServer(p.page); }],
  ['soal-daftar', async p => { await p.page.goto(p.take); await onServer(p.page); if (await p.page.locator('.list-btn').isVisible()) await p.page.click('.list-btn'); }],
  ['tinjau', async p => p.page.goto(p.take.replace(/soal.*/, 'tinjau'))],
  ['tinjau-galat', async p => { await p.page.goto(p.take.replace(/soal.*/, 'tinjau')); await press(p.page, 'Kirim sekarang'); }],
  ['beranda-sedang', p => p.to('/beranda')],
];

const done = [
  ['beranda-selesai', p => p.to('/beranda')],
  ['bukti', async p => { await p.to('/beranda'); await p.page.goto(p.base + await p.page.locator('a[href*="/bukti/"]').first().getAttribute('href')); }],
  ['hasil', async p => { await p.to('/beranda'); await p.page.goto(p.base + await p.page.locator('a[href*="/hasil/"]').first().getAttribute('href')); }],
];

// tour is the list of {name, kind, open, show}: open makes a logged-in page in
// a context that make gives, once per role, and show leads to the page.
export function tour(server) {
  const who = accounts(server.printed), base = server.url;
  const as = username => async page => login(page, base, username, who.password);
  const roles = [
    ['peserta', guests, async () => {}],
    ['peserta', waiting, as(who.waiting[0])],
    ['peserta', working, async (page, p) => {
      await as(who.waiting[1])(page);
      await prepare(page);
      await begin(page);
      p.take = page.url().replace(/#.*/, '') + '#q2';
      for (const n of [1, 3, 4]) { await page.goto(p.take.replace('#q2', '#q' + n)); await choose(page, n, 'A'); }
      await onServer(page);
    }],
    ['peserta', [['alih', async p => { await p.to('/beranda'); await p.page.goto(p.base + await p.page.locator('a[href$="/soal"]').first().getAttribute('href')); }]], as(who.waiting[1])],
    ['peserta', [['beranda-kode', p => p.to('/beranda')]], page => loginCode(page, base, who.nip, who.code)],
    ['peserta', done, as(who.done)],
  ];
  return roles.map(([kind, pages, enter]) => ({
    kind, pages: pages.map(([name, show]) => ({ name, show })),
    enter: async page => {
      const p = { page, base, to: path => page.goto(base + path) };
      await enter(page, p);
      return p;
    },
  }));
}
