// The files that people bring: rosters in fixtures/, and workbooks made here
// the plain way, by a program that is not ours.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pack, unpack } from './zip.mjs';

export const fixture = name => readFile(join(import.meta.dirname, '../fixtures', name));

const xml = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const column = i => (i >= 26 ? column(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + i % 26);

// workbook is an .xlsx with one sheet of texts.
export function workbook(rows, sheet = 'Sheet1') {
  const cells = rows.map((row, r) => `<row r="${r + 1}">${row.map((text, c) => text === '' ? '' : `<c r="${column(c)}${r + 1}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`).join('')}</row>`).join('');
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships', packed = 'http://schemas.openxmlformats.org/package/2006';
  return pack({
    '[Content_Types].xml': `${head}<Types xmlns="${packed}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="${packed}/relationships"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="${xml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packed}/relationships"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetData>${cells}</sheetData></worksheet>`,
  });
}

// questionBook is a sheet of questions as a widyaiswara keeps them. The first
// is what the journey sends through review; a flawed book has one without a key.
export function questionBook({ flawed = false } = {}) {
  const rows = [
    ['Daftar soal literasi digital'], [],
    ['No', 'Indikator', 'Jenis Soal', 'Level', 'Soal', 'Opsi A', 'Opsi B', 'Opsi C', 'Opsi D', 'Kunci', 'Pembahasan', 'Alasan A', 'Alasan B', 'Alasan C', 'Alasan D'],
    ['1', 'A4.1', 'PG', 'L2', question.stem, ...question.options, 'C', question.rationale,
      'Tautan dapat membawa ke laman palsu.', 'Meneruskan pesan menyebarkan tautan yang belum diperiksa.', 'Sumber resmi diperiksa lewat jalan lain, bukan lewat pesannya.', 'Membalas memberi tahu pengirim bahwa nomor Anda aktif.'],
    ['2', 'A1.2', 'BS', 'L1', 'Mengganti nama berkas dari laporan.docx menjadi laporan.pdf mengubah isinya menjadi dokumen PDF.', 'Benar', 'Salah', '', '', 'SALAH', 'Nama belakang hanya petunjuk bagi komputer; isi berkas tetap dokumen Word.', 'Isi berkas tidak berubah oleh namanya.', 'Berkas perlu diekspor agar menjadi PDF.'],
  ];
  if (flawed) rows.push(['3', 'A2.1', 'PG', 'L1', 'Soal ini sengaja tidak berkunci. Apa yang terjadi saat diimpor?', 'Ditolak', 'Diterima', 'Diabaikan', 'Ditebak', '', 'Soal tanpa kunci tidak dapat dinilai.']);
  return workbook(rows, 'Soal');
}

export const question = {
  stem: 'Anda menerima pesan WhatsApp dari nomor tak dikenal yang mengaku petugas bank daerah dan meminta Anda membuka tautan untuk memperbarui data gaji. Apa langkah pertama yang paling aman?',
  options: ['Membuka tautan itu untuk melihat isinya dahulu.', 'Meneruskan pesan itu ke grup kantor untuk ditanyakan.', 'Menghubungi bank lewat nomor resmi yang Anda cari sendiri.', 'Membalas pesan itu dan menanyakan nama petugasnya.'],
  rationale: 'Kebenaran sebuah pesan diperiksa lewat jalan resmi yang kita cari sendiri, bukan lewat tautan atau nomor di dalam pesan itu.',
};

// employees of the fixture, for what the journey expects. Sheets of agencies
// come as CSV or as Excel.
export async function rosterBook(name) {
  const lines = (await fixture(name)).toString('utf8').replace(/^\uFEFF/, '').trim().split(/\r?\n/).map(line => line.split(';'));
  return workbook([['DAFTAR PEGAWAI NEGERI SIPIL'], ['KEADAAN PER 1 NOVEMBER 2026'], [], ...lines], 'DUK');
}

// texts are all cells of a workbook, sheet by sheet: {title: [[cell…]…]}.
export function texts(buffer) {
  const files = unpack(buffer);
  const decode = s => s.replace(/&(amp|lt|gt|quot|apos|#(\d+)|#x([0-9a-f]+));/gi, (all, e, d, h) => d ? String.fromCodePoint(+d) : h ? String.fromCodePoint(parseInt(h, 16)) : { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[e]);
  const inner = part => [...part.matchAll(/<t(?:\s[^>]*)?>([^<]*)<\/t>/g)].map(m => decode(m[1])).join('');
  const shared = [...(files['xl/sharedStrings.xml']?.toString() ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(m => inner(m[1]));
  const links = Object.fromEntries([...files['xl/_rels/workbook.xml.rels'].toString().matchAll(/<Relationship\s[^>]*>/g)].map(([r]) => [/Id="([^"]+)"/.exec(r)[1], /Target="([^"]+)"/.exec(r)[1]]));
  const sheets = {};
  for (const [tag] of files['xl/workbook.xml'].toString().matchAll(/<sheet\s[^>]*>/g)) {
    const target = links[/r:id="([^"]+)"/.exec(tag)[1]], path = target.startsWith('/') ? target.slice(1) : 'xl/' + target;
    sheets[decode(/name="([^"]+)"/.exec(tag)[1])] = [...files[path].toString().matchAll(/<row[\s>].*?<\/row>/gs)].map(([row]) => [...row.matchAll(/<c\s([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, body = '']) => {
      const v = /<v>([^<]*)<\/v>/.exec(body)?.[1] ?? '';
      return /t="s"/.test(attributes) ? shared[+v] : /<is>/.test(body) ? inner(body) : decode(v);
    }));
  }
  return sheets;
}
