// A Word file of questions as a widyaiswara keeps them: plain paragraphs with
// lettered options, two pictures, and three questions that cannot be taken as
// they are.
import { deflateSync } from 'node:zlib';
import { pack } from './zip.mjs';

const xml = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

// picture is a PNG of one colour, made byte by byte.
export function picture(width, height, [r, g, b]) {
  const crcTable = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
  const crc = data => { let c = 0xffffffff; for (const x of data) c = crcTable[(c ^ x) & 0xff] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array.from({ length: width }, () => Buffer.from([r, g, b])))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const drawing = (id, alt) => `<w:r><w:drawing><wp:inline><wp:extent cx="1270000" cy="635000"/><wp:docPr id="${id}" name="Gambar ${id}" descr="${xml(alt)}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:embed="rId${id}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

// wordBook is the .docx. lines are texts, or {text, image} with the number of a
// picture and {alt}.
export function wordBook(lines, images) {
  const paragraphs = lines.map(line => {
    const { text, image, alt } = typeof line === 'string' ? { text: line } : line;
    return `<w:p><w:r><w:t xml:space="preserve">${xml(text)}</w:t></w:r>${image ? drawing(image, alt ?? '') : ''}</w:p>`;
  }).join('');
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const files = {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/_rels/document.xml.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${images.map((_, i) => `<Relationship Id="rId${i + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image${i + 1}.png"/>`).join('')}</Relationships>`,
    'word/document.xml': `${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>${paragraphs}</w:body></w:document>`,
  };
  images.forEach((data, i) => { files[`word/media/image${i + 1}.png`] = data; });
  return pack(files);
}

// trainerWord has five questions: two that can be taken, with a picture each,
// and three that cannot: no key, a key beyond the options, one option only.
export const trainerWord = () => wordBook([
  'SOAL LITERASI DIGITAL',
  { text: '1. Ikon pada gambar berikut dipakai untuk menyimpan berkas. Apa nama ikon itu?', image: 1, alt: 'Ikon disket berwarna biru' },
  'A. Disket', 'B. Gunting', 'C. Printer', 'D. Amplop', 'Kunci: A',
  { text: '2. Tanda pada bilah alamat ini menunjukkan sambungan yang bagaimana?', image: 2, alt: 'Gambar gembok hijau' },
  'A. Terputus', 'B. Terenkripsi', 'C. Lambat', 'D. Tersimpan', 'Kunci: B',
  '3. Kata sandi yang paling sulit ditebak terdiri atas apa?', 'A. Tanggal lahir', 'B. Beberapa kata acak yang panjang', 'C. Nama kantor', 'D. Angka berurutan',
  '4. Aplikasi untuk rapat daring adalah …', 'A. Zoom', 'B. Notepad', 'C. Kalkulator', 'Kunci: E',
  '5. Berkas presentasi biasanya berakhiran …', 'A. .pptx', 'Kunci: A',
], [picture(120, 60, [20, 90, 200]), picture(120, 60, [30, 140, 60])]);
