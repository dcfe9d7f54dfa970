// Just enough of ZIP to make a workbook as another program would, and to look
// into one that the product made.
import { crc32, inflateRawSync } from 'node:zlib';

// pack is a ZIP of {name: text}, stored.
export function pack(files) {
  const parts = [], directory = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text), title = Buffer.from(name), head = Buffer.alloc(30), entry = Buffer.alloc(46), sum = crc32(body);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    for (const [b, o] of [[head, 14], [entry, 16]]) {
      b.writeUInt32LE(sum, o);
      b.writeUInt32LE(body.length, o + 4);
      b.writeUInt32LE(body.length, o + 8);
      b.writeUInt16LE(title.length, o + 12);
    }
    entry.writeUInt32LE(at, 42);
    parts.push(head, title, body);
    directory.push(entry, title);
    at += head.length + title.length + body.length;
  }
  const index = Buffer.concat(directory), end = Buffer.alloc(22), n = Object.keys(files).length;
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(n, 8);
  end.writeUInt16LE(n, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, index, end]);
}

// unpack gives {name: Buffer} of a ZIP.
export function unpack(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error('not a ZIP');
  const files = {};
  let at = zip.readUInt32LE(end + 16);
  for (let i = zip.readUInt16LE(end + 10); i > 0; i--) {
    const [method, size, nameLength, extra, note, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const body = zip.subarray(from, from + size);
    files[name] = method === 8 ? inflateRawSync(body) : body;
    at += 46 + nameLength + extra + note;
  }
  return files;
}
