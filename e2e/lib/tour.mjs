// Every page of the demonstration, in the state a person meets it. The
// accessibility test and the screenshots walk the same list, so a page that
// one of them sees the other sees too.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixture, questionBook } from './files.mjs';
import { begin, choose, login, loginCode, newEvent, onServer, press, prepare, rules, upload } from './pages.mjs';
import { accounts, setupLink } from './server.mjs';

// A page may be shown again at another size, so nothing here depends on being
// the first.

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
  ['aturan', async p => { await p.to('/beranda'); await rules(p.page); }],
  ['latihan-di-jalan', async p => { await p.to('/beranda'); await rules(p.page); await press(p.page, 'Lanjut ke latihan'); }],
  ['tunggu', async p => { await p.to('/beranda'); await prepare(p.page); await p.page.locator('[data-uji=jaringan] .check').waitFor(); }],
];

// working is somebody in the middle of an attempt.
const working = [
  ['soal', async p => { await p.page.goto(p.take); await onServer(p.page); }],
  ['soal-daftar', async p => { await p.page.goto(p.take); await onServer(p.page); if (await p.page.locator('.list-btn').isVisible()) await p.page.click('.list-btn'); }],
  ['soal-luring', async p => {
    await p.page.goto('about:blank');
    await p.page.goto(p.take.replace('#q2', '#q5'));
    await onServer(p.page);
    await p.page.context().setOffline(true);
    await choose(p.page, 5, (p.flip = !p.flip) ? 'A' : 'B');
    await p.page.locator('.net.off').waitFor();
  }],
  ['soal-menu', async p => { await p.page.goto('about:blank'); await p.page.goto(p.take); await onServer(p.page); await p.page.click('.menu-b'); }],
  ['soal-lapor', async p => { await p.page.goto('about:blank'); await p.page.goto(p.take); await onServer(p.page); await p.page.locator('.q.now .lapor summary').click(); }],
  ['soal-dilaporkan', async p => {
    await p.page.goto('about:blank');
    await p.page.goto(p.take);
    await onServer(p.page);
    await p.page.locator('.q.now .lapor summary').click();
    await p.page.locator('.q.now .lapor').getByRole('button', { name: 'Kirim laporan' }).click();
    await p.page.getByText('Laporan diterima pengawas').first().waitFor();
  }],
  ['tinjau', async p => p.page.goto(p.take.replace(/soal.*/, 'tinjau'))],
  ['tinjau-galat', async p => { await p.page.goto(p.take.replace(/soal.*/, 'tinjau')); await press(p.page, 'Kirim sekarang'); }],
  ['beranda-sedang', p => p.to('/beranda')],
];

const done = [
  ['beranda-selesai', p => p.to('/beranda')],
  ['bukti', async p => { await p.to('/beranda'); await p.page.goto(p.base + await p.page.locator('a[href*="/bukti/"]').first().getAttribute('href')); }],
  ['hasil', async p => { await p.to('/beranda'); await p.page.goto(p.base + await p.page.locator('a[href*="/hasil/"]').first().getAttribute('href')); }],
];

// event is an officer's way to the demonstration's event.
const event = async p => { await p.to('/kegiatan'); return p.event ??= new URL(await p.page.locator('.tasks a').last().getAttribute('href'), p.base).pathname; };
const inEvent = path => async p => p.to(await event(p) + path);

const inConsole = path => async p => p.to((await event(p)).replace('/kegiatan/', '/pengawasan/') + path);

// faulty leads to the decision about the item that was reported.
async function faulty(p) {
  await inConsole('')(p);
  if (await p.page.locator('.kasus').count()) {
    const card = p.page.locator('.kasus').first();
    await card.locator('summary').click();
    await card.locator('[name=reason]').fill('Pilihan B dan D sama');
    await press(p.page, 'Usulkan', { within: card.locator('details form'), exact: false });
  }
  await inConsole('/butir')(p);
}

const officer = [
  ['kegiatan', p => p.to('/kegiatan')],
  ['pengawasan', p => p.to('/pengawasan')],
  ['pengawasan-sesi', inConsole('')],
  ['pengawasan-tindakan', async p => { await inConsole('')(p); await press(p.page, 'Tambah waktu seruangan', { exact: false }); }],
  ['pengawasan-tindakan-galat', async p => { await inConsole('')(p); await press(p.page, 'Tambah waktu seruangan', { exact: false }); await press(p.page, 'Tambah waktu'); }],
  ['pengawasan-catatan', inConsole('/catatan')],
  ['pengawasan-catatan-galat', async p => { await inConsole('/catatan')(p); await press(p.page, 'Catat kejadian'); }],
  ['pengawasan-butir', faulty],
  ['pengawasan-putusan', async p => { await faulty(p); await press(p.page, 'Lihat dampak dan putuskan', { exact: false }); }],
  ['kegiatan-satu', inEvent('')],
  ['kegiatan-pantau', inEvent('/pantau')],
  ['kegiatan-peserta', inEvent('/peserta')],
  ['kegiatan-laporan', inEvent('/laporan')],
  ['kegiatan-kartu', inEvent('/kartu')],
  ['kegiatan-susulan', inEvent('/susulan')],
  ['kegiatan-berkas', inEvent('/berkas')],
  ['kegiatan-berkas-hasil', async p => { await inEvent('/berkas')(p); await upload(p.page, '#berkas', 'bukan.jawaban', Buffer.from('{}'), 'application/json'); await press(p.page, 'Unggah dan periksa'); }],
  ['kegiatan-berkas-cetak', inEvent('/berkas-cetak')],
  ['kegiatan-periksa', inEvent('/periksa')],
  ['kegiatan-belum', async p => { await inEvent('/belum')(p); await p.page.locator('details').first().locator('summary').click(); }],
  ['kegiatan-beban', inEvent('/beban')],
  ['kegiatan-ubah-sesi', async p => { await inEvent('')(p); await press(p.page, 'Ubah', { exact: false, within: p.page.locator('tbody') }); }],
  ['kegiatan-peserta-dicentang', async p => { await inEvent('/peserta')(p); await p.page.getByText('Tindakan untuk yang dicentang').click(); }],
  ['kegiatan-peserta-galat', async p => { await inEvent('/peserta')(p); await p.page.getByText('Tindakan untuk yang dicentang').click(); await press(p.page, 'Ubah waktu'); }],
  ['kegiatan-daftar', async p => { await inEvent('/peserta')(p); await p.page.fill('#list', '1,98001E+17\n199001012015031001'); await press(p.page, 'Periksa daftar'); }],
  ['kegiatan-pemeriksaan', inEvent('/pemeriksaan')],
  ['kegiatan-ubah', inEvent('/ubah')],
  ['kegiatan-peserta-satu', async p => { await inEvent('/peserta')(p); await press(p.page, '', { within: p.page.locator('tbody th').first(), exact: false }); }],
  ['kegiatan-kartu-cetak', async p => { await inEvent('/peserta')(p); await press(p.page, '', { within: p.page.locator('tbody th').first(), exact: false }); await press(p.page, 'Buat kode mulai', { exact: false }); }],
  ['kegiatan-draf', async p => {
    await p.to('/kegiatan');
    const made = p.page.getByRole('link', { name: 'Uji coba triwulan' });
    if (await made.count()) return press(p.page, 'Uji coba triwulan');
    await p.to('/kegiatan/baru');
    await newEvent(p.page, { name: 'Uji coba triwulan', code: 'UJI-01', agencies: 2 });
  }],
  ['kegiatan-draf-pemeriksaan', async p => { await p.to('/kegiatan'); await press(p.page, 'Uji coba triwulan'); await p.page.goto(p.page.url().replace(/[?#].*/, '') + '/pemeriksaan'); }],
  ['kegiatan-draf-peserta', async p => { await p.to('/kegiatan'); await press(p.page, 'Uji coba triwulan'); await p.page.goto(p.page.url().replace(/[?#].*/, '') + '/peserta'); }],
  ['kegiatan-draf-ubah', async p => { await p.to('/kegiatan'); await press(p.page, 'Uji coba triwulan'); await p.page.goto(p.page.url().replace(/[?#].*/, '') + '/ubah'); }],
  ['kegiatan-baru', p => p.to('/kegiatan/baru')],
  ['kegiatan-baru-galat', async p => { await p.to('/kegiatan/baru'); await press(p.page, 'Buat kegiatan', { within: p.page.locator('main form') }); }],
  ['pegawai', p => p.to('/pegawai')],
  ['pegawai-satu', async p => { await p.to('/pegawai'); await press(p.page, '', { within: p.page.locator('tbody th').first(), exact: false }); }],
  ['pegawai-baru', p => p.to('/pegawai/baru')],
  ['pegawai-baru-galat', async p => { await p.to('/pegawai/baru'); await press(p.page, 'Tambah pegawai', { within: p.page.locator('main form') }); }],
  ['pegawai-mutasi', p => p.to('/pegawai/mutasi')],
  ['pegawai-kode-massal', p => p.to('/pegawai/kode')],
  ['pegawai-kode', async p => { await p.to('/pegawai'); await p.page.locator('tbody .pick label').first().click(); await press(p.page, 'Buat untuk yang dipilih'); }],
  ['pegawai-impor', p => p.to('/pegawai/impor')],
  ['pegawai-impor-diperiksa', async p => {
    await p.to('/pegawai/impor');
    if (await p.page.locator('#agency').count()) await p.page.selectOption('#agency', { index: 1 });
    await upload(p.page, '#berkas', 'pegawai-salah.csv', await fixture('pegawai-salah.csv'), 'text/csv');
    await press(p.page, 'Lanjutkan');
  }],
];

const some = (mark, ...names) => officer.filter(([name]) => names.includes(name)).map(([name, show]) => [`${name}-${mark}`, show]);
const ofAgency = some('instansi', 'kegiatan', 'kegiatan-satu', 'kegiatan-pantau', 'kegiatan-peserta', 'kegiatan-laporan', 'kegiatan-kartu', 'pegawai', 'pegawai-impor');
const ofProctor = some('pengawas', 'pengawasan', 'pengawasan-sesi', 'pengawasan-catatan', 'kegiatan', 'kegiatan-satu', 'kegiatan-pantau', 'kegiatan-peserta-satu');

// openItem opens the first item of the bank's list.
const openItem = page => press(page, '', { within: page.locator('.stackt tbody th').first(), exact: false });

const trainer = [
  ['bank', p => p.to('/bank')],
  ['bank-kosong', p => p.to('/bank?q=tidak-ada-soal-seperti-ini')],
  ['bank-soal', async p => { await p.to('/bank?q=A1-001'); await openItem(p.page); }],
  ['bank-ubah', async p => { await p.to('/bank?q=A1-001'); await openItem(p.page); await press(p.page, 'Ubah'); }],
  ['bank-banding', async p => { await p.to('/bank?q=A1-001'); await openItem(p.page); await p.page.goto(p.page.url().replace(/[?#].*/, '') + '/banding'); }],
  ['bank-ekspor', p => p.to('/bank/ekspor?aspek=A2')],
  ['bank-ekspor-diperiksa', async p => { await p.to('/bank/ekspor'); await p.page.locator('label', { hasText: 'Aiken' }).click(); await press(p.page, 'Periksa dahulu'); }],
  ['bank-massal', async p => { await p.to('/bank?aspek=A2'); await p.page.selectOption('#cakupan', 'semua'); await press(p.page, 'Tag'); }],
  ['bank-massal-hasil', async p => { await p.to('/bank?aspek=A2'); await p.page.locator('tbody .pick label').first().click(); await press(p.page, 'Ajukan telaah'); await press(p.page, 'Ajukan ke telaah'); }],
  ['bank-tinjau', p => p.to('/bank/tinjau')],
  ['bank-baru', p => p.to('/bank/baru')],
  ['bank-baru-galat', async p => { await p.to('/bank/baru'); await press(p.page, 'Simpan draf'); }],
  ['bank-impor', p => p.to('/bank/impor')],
  ['bank-impor-diperiksa', p => checked(p)],
  ['bank-impor-perbaiki', async p => { await checked(p); await press(p.page, 'Perbaiki soal nomor 3', { exact: false }); }],
  ['bank-impor-lihat', async p => { await checked(p); await press(p.page, 'Lihat soal nomor 1', { exact: false }); }],
  ['bank-impor-kolom', async p => { await checked(p); await press(p.page, 'Atur kolom'); }],
  ['bank-impor-selesai', async p => {
    await p.to('/bank/impor');
    await p.page.locator('summary', { hasText: 'tempel teks' }).click();
    await p.page.fill('#teks', `1. Apa arti kode ${Date.now()} pada nama berkas?\nA. Waktu pembuatan\nB. Ukuran berkas\nC. Nama pembuat\nD. Jenis berkas\nJawaban: A`);
    await p.page.selectOption('#aspek', 'A1');
    await press(p.page, 'Periksa');
    await press(p.page, 'Simpan 1 soal');
  }],
];

// checked is an upload with a flaw, at its report.
async function checked(p) {
  await p.to('/bank/impor');
  await upload(p.page, '#berkas', 'soal.xlsx', questionBook({ flawed: true }));
  await press(p.page, 'Periksa');
}

const reviewer = [
  ['penilaian', p => p.to('/penilaian')],
  ['bank-telaah', p => p.to('/bank/telaah')],
  ['bank-telaah-soal', async p => { await p.to('/bank/telaah'); await press(p.page, 'Telaah satu per satu'); }],
  ['bank-telaah-galat', async p => { await p.to('/bank/telaah'); await press(p.page, 'Telaah satu per satu'); await press(p.page, 'Setujui', { exact: false }); }],
  ['bank-telaah-usul', async p => { await p.to('/bank/telaah'); await press(p.page, 'Telaah satu per satu'); await press(p.page, 'Usulkan perbaikan'); }],
];

const admin = [
  ['admin-akun', p => p.to('/admin/akun')],
  ['admin-akun-baru', p => p.to('/admin/akun/baru')],
  ['admin-akun-baru-galat', async p => { await p.to('/admin/akun/baru'); await press(p.page, 'Buat akun', { within: p.page.locator('main form') }); }],
  ['admin-akun-satu', async p => { await p.to('/admin/akun'); await press(p.page, '', { within: p.page.locator('tbody th').first(), exact: false }); }],
  ['admin-instansi', p => p.to('/admin/instansi')],
  ['admin-instansi-satu', async p => { await p.to('/admin/instansi'); await press(p.page, '', { within: p.page.locator('tbody th').first(), exact: false }); }],
  ['admin-jejak', p => p.to('/admin/jejak')],
  ['admin-sistem', p => p.to('/admin/sistem')],
];

// shown leads to a page and makes sure that it is the page, not a refusal.
async function shown(p, name, show) {
  let status = 200;
  await p.page.context().setOffline(false); // the page before may have gone without
  const note = r => { if (r.request().isNavigationRequest()) status = r.status(); };
  p.page.on('response', note);
  await show(p);
  await p.page.waitForLoadState('load');
  p.page.off('response', note);
  const refusal = /galat|tidak-ada/.test(name);
  if (refusal !== status >= 400) throw new Error(`${name}: ${p.page.url()} answers ${status}: ${await p.page.locator('h1').first().innerText()}`);
}

// routes are the patterns of every page in the source: what a browser opens
// with GET, without downloads, pictures and plain redirects, and without an
// essay to mark, which types.test.mjs has.
export async function routes() {
  const web = join(import.meta.dirname, '../../internal/web'), found = [];
  for (const file of await readdir(web, { recursive: true })) {
    if (!file.endsWith('.go') || file.endsWith('_test.go')) continue;
    for (const [, path] of (await readFile(join(web, file), 'utf8')).matchAll(/\{Method: (?:http\.MethodGet|get), Path: "([^"]+)"/g)) found.push(path);
  }
  return found.filter(path => !/^\/$|\/(unduh|ekspor|templat|asli|berkas-cetak\/:paper|berkas\/:k|penilaian\/:id)$/.test(path));
}

// routeOf is the pattern that an address belongs to: the one with most words of its own.
export const routeOf = (all, path) => all.filter(r => new RegExp(`^${r.replace(/:\w+/g, '[^/]+')}$`).test(path))
  .sort((a, b) => (a.match(/:/g)?.length ?? 0) - (b.match(/:/g)?.length ?? 0))[0];

// tour is a list of roles. enter logs somebody in on a fresh page and gives
// what show wants; show leads to one page.
export function tour(server, empty) {
  const who = accounts(server.printed), base = server.url;
  const as = username => async page => login(page, base, username, who.password);
  const roles = [
    ['peserta', [['masuk-belum-siap', p => p.page.goto(empty.url + '/masuk')], ['siapkan', async p => p.page.goto(await setupLink(empty))]], async () => {}],
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
    ['petugas', officer, as('bkd.provinsi')],
    ['petugas', ofAgency, as('kepegawaian')],
    ['petugas', ofProctor, as('pengawas')],
    ['petugas', trainer, as('widyaiswara')],
    ['petugas', reviewer, as('penelaah')],
    ['petugas', admin, as('admin')],
  ];
  return roles.map(([kind, pages, enter]) => ({
    kind, pages: pages.map(([name, show]) => ({ name, show: p => shown(p, name, show) })),
    enter: async page => {
      const p = { page, base, to: path => page.goto(base + path) };
      await enter(page, p);
      return p;
    },
  }));
}
