// A bank with a question of every type, as a workbook of ours with its picture,
// and how a person answers each of them right.
import { crc32, deflateSync } from 'node:zlib';
import { workbook } from './files.mjs';
import { pack } from './zip.mjs';

const columns = ['kode_butir', 'indikator', 'tipe', 'level', 'pokok_soal', 'opsi_a', 'opsi_b', 'opsi_c', 'opsi_d', 'kunci', 'bobot_opsi', 'pasangan', 'gambar', 'teks_alt', 'pembahasan'];

const rows = [
  { tipe: 'PG', pokok_soal: 'Aplikasi mana yang dipakai untuk mengolah angka?', opsi: ['Pengolah kata', 'Lembar sebar', 'Peramban'], kunci: 'B' },
  { tipe: 'PGK', pokok_soal: 'Mana saja yang termasuk perangkat masukan? Pilih semua yang benar.', opsi: ['Papan ketik', 'Monitor', 'Tetikus', 'Penyuara'], kunci: 'A,C' },
  { tipe: 'BS', pokok_soal: 'Kata sandi surel dinas boleh dipinjamkan kepada rekan seruangan.', opsi: ['Benar', 'Salah'], kunci: 'SALAH' },
  { tipe: 'SJT', pokok_soal: 'Rekan Anda meneruskan kabar bohong ke grup kantor. Apa yang Anda lakukan?', opsi: ['Diam saja', 'Menegur di grup', 'Menegur secara pribadi', 'Menegur pribadi lalu melapor'], kunci: 'D', bobot_opsi: 'A=1;B=2;C=3;D=4' },
  { tipe: 'JODOH', pokok_soal: 'Jodohkan setiap aplikasi dengan kegunaannya.', opsi: ['Kalkulator', 'Peramban'], pasangan: 'Menghitung\nMenjelajah laman\nMenggambar', kunci: 'A-1, B-2' },
  { tipe: 'TABEL', pokok_soal: 'Tandai sifat setiap kebiasaan berikut.', opsi: ['Sandi yang sama di mana-mana', 'Verifikasi dua langkah'], pasangan: 'Aman\nBerisiko\nDianjurkan', kunci: 'A-2, B-1, B-3' },
  { tipe: 'URUT', pokok_soal: 'Urutkan langkah menyimpan berkas dengan nama baru.', opsi: ['Buka menu Berkas', 'Pilih Simpan sebagai', 'Ketik namanya', 'Tekan tombol Simpan'], kunci: 'A,B,C,D' },
  { tipe: 'ISIAN', pokok_soal: 'Singkatan untuk alamat sebuah laman adalah …', kunci: 'URL' },
  { tipe: 'ANGKA', pokok_soal: 'Berapa bit dalam satu bita?', kunci: '8' },
  { tipe: 'RUMPANG', pokok_soal: 'Alamat laman yang aman diawali [[1]], dan 2 pangkat 3 adalah [[2]].', opsi: ['http | https | ftp'], kunci: '1: B\n2: 8' },
  { tipe: 'TITIK', pokok_soal: 'Tunjuk tombol untuk menutup jendela.', opsi: ['Kiri [rect 0 0 60 60]', 'Kanan [circle 180 30 28]'], kunci: 'B', gambar: 'jendela.png', teks_alt: 'Jendela aplikasi dengan dua tombol' },
  { tipe: 'URAIAN', pokok_soal: 'Jelaskan cara mengenali surel palsu.', opsi: ['Ciri alamat', 'Ciri isi'], bobot_opsi: 'A=4;B=6' },
  { tipe: 'ANGKET', pokok_soal: 'Seberapa sering Anda memakai lembar sebar?', opsi: ['Tidak pernah', 'Kadang', 'Sering'] },
  { tipe: 'INFO', pokok_soal: 'Terima kasih. Bagian berikut ini tidak dinilai.' },
];

// types is how many questions there are, extras how many of them give no points.
export const types = rows.length, extras = 2, indicator = 'A1.4', level = 'L3';

// typesFile is the file that a trainer brings.
export function typesFile() {
  const cells = rows.map((row, i) => columns.map(name => {
    if (name.startsWith('opsi_')) return row.opsi?.['abcd'.indexOf(name.at(-1))] ?? '';
    return { kode_butir: `JENIS-${String(i + 1).padStart(2, '0')}`, indikator: indicator, level, pembahasan: 'Pembahasan untuk uji.' }[name] ?? row[name] ?? '';
  }));
  return pack({ 'soal.xlsx': workbook([columns, ...cells], 'Soal'), 'media/jendela.png': picture(200, 60) });
}

// picture is a PNG in one colour with a darker frame.
function picture(width, height) {
  const chunk = (name, body) => {
    const data = Buffer.concat([Buffer.from(name), body]), out = Buffer.alloc(8 + data.length);
    out.writeUInt32BE(body.length, 0);
    data.copy(out, 4);
    out.writeUInt32BE(crc32(data), 4 + data.length);
    return out;
  };
  const head = Buffer.alloc(13), lines = [];
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0], 8); // grey
  for (let y = 0; y < height; y++) {
    lines.push(Buffer.from([0, ...Array.from({ length: width }, (_, x) => x < 3 || y < 3 || x > width - 4 || y > height - 4 ? 90 : 225)]));
  }
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', Buffer.alloc(0))]);
}

const tick = (q, text) => q.locator('label', { hasText: text }).first().tap();
const row = (q, text) => q.locator('[data-row]', { hasText: text });

// answers are what a person does with each question, by its words, with taps;
// null where nothing is asked.
const answers = [
  ['mengolah angka', q => tick(q, 'Lembar sebar')],
  ['perangkat masukan', async q => { await tick(q, 'Papan ketik'); await tick(q, 'Tetikus'); }],
  ['Kata sandi surel', q => tick(q, 'Salah')],
  ['kabar bohong', q => tick(q, 'lalu melapor')],
  ['Jodohkan', async q => {
    await row(q, 'Kalkulator').locator('select').selectOption({ label: 'Menghitung' });
    await row(q, 'Peramban').locator('select').selectOption({ label: 'Menjelajah laman' });
  }],
  ['Tandai sifat', async q => {
    await tick(row(q, 'Sandi yang sama'), 'Berisiko');
    await tick(row(q, 'Verifikasi'), 'Aman');
    await tick(row(q, 'Verifikasi'), 'Dianjurkan');
  }],
  ['Urutkan', async q => {
    for (const [i, text] of ['Buka menu', 'Pilih Simpan', 'Ketik', 'Tekan tombol'].entries()) await row(q, text).locator('select').selectOption(String(i + 1));
  }],
  ['Singkatan', q => q.locator('fieldset input.in').fill('url')],
  ['bit dalam', q => q.locator('fieldset input.in').fill('8,0')],
  ['diawali', async q => {
    await q.locator('select.gap').selectOption({ label: 'https' });
    await q.locator('input.gap').fill('8');
  }],
  ['Tunjuk tombol', async (q, scripted) => scripted ? q.locator('circle[data-for]').tap() : tick(q, 'Daerah 2')],
  ['surel palsu', q => q.locator('textarea').fill('Alamat pengirimnya aneh.\n\nIsinya mendesak & meminta <kata sandi>.')],
  ['Seberapa sering', q => tick(q, 'Kadang')],
  ['tidak dinilai', null],
];

// answerOf finds what to do with a question, null where it asks for nothing.
export function answerOf(words) {
  const found = answers.filter(([text]) => words.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} answers for the question ${words}`);
  return found[0][1];
}

// state is every control of every question, as the page has them now.
export const state = page => page.locator('.q > form').evaluateAll(forms => forms.map(f => [...f.elements]
  .filter(e => e.name.startsWith('jawab') && (!/radio|checkbox/.test(e.type) || e.checked)).map(e => `${e.name}=${e.value}`).join('&')));
