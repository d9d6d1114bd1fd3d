/** CRC-32 as zip uses it (polynomial edb88320), four bytes at a time. */

const TABLES = makeTables();

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    first[n] = value >>> 0;
  }
  const tables = [first];
  for (let t = 1; t < 4; t++) {
    tables.push(tables[t - 1].map((value) => (value >>> 8) ^ first[value & 0xff]));
  }
  return tables;
}

/**
 * CRC-32 of some bytes.
 * @param bytes - the data, any length
 * @returns unsigned 32-bit number
 * @example crc32(new Uint8Array([0x61])) // 0xe8b7be43
 */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = TABLES;
  let crc = -1;
  let at = 0;
  const quads = bytes.length - (bytes.length % 4);
  for (; at < quads; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t3[crc & 0xff] ^ t2[(crc >>> 8) & 0xff] ^ t1[(crc >>> 16) & 0xff] ^ t0[crc >>> 24];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 0xff];
  return ~crc >>> 0;
}
