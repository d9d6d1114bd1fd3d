/**
 * Huffman decoding of JPEG entropy-coded segments (ITU-T T.81 annexes C and F).
 *
 * Method: 9-bit look-up table, bit-serial beyond. Bits after the end of the data read as zero and are counted, so that
 * a truncated stream is noticed at the end of a row instead of looping or throwing in the middle of a block.
 */

const LOOKAHEAD = 9;

/** A Huffman code, ready for decoding. */
export interface HuffmanTable {
  /** for every LOOKAHEAD-bit prefix: length << 8 | symbol, or 0 when the code is longer */
  fast: Uint16Array;
  /** largest code of each length, -1 where there is none */
  maxCode: Int32Array;
  /** index of the first symbol of each length minus its code */
  offset: Int32Array;
  symbols: Uint8Array;
}

/**
 * Table of a DHT segment; undefined when the code lengths do not form a prefix code.
 * @param counts - codes of length 1 to 16 · shape [16]
 * @param symbols - symbols in order of their code
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | undefined {
  const fast = new Uint16Array(1 << LOOKAHEAD);
  const maxCode = new Int32Array(18).fill(-1);
  const offset = new Int32Array(18);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1];
    offset[length] = index - code;
    if (code + count > 1 << length) return undefined;
    for (let n = 0; n < count; n++, code++, index++) {
      if (length > LOOKAHEAD) continue;
      const from = code << (LOOKAHEAD - length);
      fast.fill((length << 8) | symbols[index], from, from + (1 << (LOOKAHEAD - length)));
    }
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { fast, maxCode, offset, symbols };
}

/** Reads bits of one entropy-coded segment; stops at markers. */
export class BitReader {
  readonly data: Uint8Array;
  /** next byte to load */
  at: number;
  private bits = 0;
  private count = 0;
  /** zero bits supplied because the data had ended */
  private invented = 0;

  constructor(data: Uint8Array, at: number) {
    this.data = data;
    this.at = at;
  }

  /** True when bits were used that the stream does not hold. */
  get exhausted(): boolean {
    return this.count < this.invented;
  }

  private fill(): void {
    const { data } = this;
    while (this.count <= 24) {
      let byte = 0;
      if (this.at >= data.length) this.invented += 8;
      else {
        byte = data[this.at];
        if (byte !== 0xff) this.at++;
        else if (data[this.at + 1] === 0) this.at += 2;
        else {
          byte = 0;
          this.invented += 8;
        }
      }
      this.bits = (this.bits << 8) | byte;
      this.count += 8;
    }
  }

  /** Next Huffman symbol; -1 when no code matches. */
  symbol(table: HuffmanTable): number {
    if (this.count < 16) this.fill();
    const entry = table.fast[(this.bits >>> (this.count - LOOKAHEAD)) & ((1 << LOOKAHEAD) - 1)];
    if (entry !== 0) {
      this.count -= entry >>> 8;
      return entry & 0xff;
    }
    for (let length = LOOKAHEAD + 1; length <= 16; length++) {
      const code = (this.bits >>> (this.count - length)) & ((1 << length) - 1);
      if (code <= table.maxCode[length]) {
        this.count -= length;
        return table.symbols[table.offset[length] + code];
      }
    }
    return -1;
  }

  /** `length` bits as an unsigned number, 0 to 16. */
  read(length: number): number {
    if (length === 0) return 0;
    if (this.count < length) this.fill();
    this.count -= length;
    return (this.bits >>> this.count) & ((1 << length) - 1);
  }

  bit(): number {
    if (this.count < 1) this.fill();
    this.count--;
    return (this.bits >>> this.count) & 1;
  }

  /** A number of `length` bits in JPEG's signed form (T.81 F.2.2.1 EXTEND). */
  signed(length: number): number {
    if (length === 0) return 0;
    const value = this.read(length);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  /** Drops the bits that are loaded and moves to the next marker; returns its second byte, or -1 at the end of the data. */
  toMarker(): number {
    this.bits = 0;
    this.count = 0;
    this.invented = 0;
    const { data } = this;
    // bytes already loaded cannot hide a marker: loading stops in front of one
    while (this.at + 1 < data.length) {
      if (data[this.at] === 0xff && data[this.at + 1] !== 0 && data[this.at + 1] !== 0xff) return data[this.at + 1];
      this.at++;
    }
    this.at = data.length;
    return -1;
  }
}
