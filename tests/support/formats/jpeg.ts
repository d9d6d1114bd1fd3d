/** A plain lossless JPEG encoder (ITU-T T.81 annex H), only for making test images. */

export interface LosslessSpec {
  columns: number;
  rows: number;
  bits: number;
  /** 1 to 7 */
  predictor: number;
  /** rows per restart interval; default none */
  restartRows?: number;
  /** planes hold values already shifted right by this */
  pointTransform?: number;
}

/** One Huffman table for all: 17 categories with 5-bit codes. */
const CODE_BITS = 5;

/** Encodes planes (interleaved when there are several). */
export function encodeLossless(planes: readonly Uint16Array[], spec: LosslessSpec): Uint8Array {
  const { columns, rows, bits, predictor, restartRows = 0, pointTransform = 0 } = spec;
  const out: number[] = [0xff, 0xd8];
  const segment = (marker: number, body: number[]): void => {
    out.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  };
  const ids = planes.map((_, n) => n + 1);
  segment(0xc3, [
    bits,
    rows >> 8,
    rows & 255,
    columns >> 8,
    columns & 255,
    planes.length,
    ...ids.flatMap((id) => [id, 0x11, 0]),
  ]);
  const counts = Array.from({ length: 16 }, (_, n) => (n + 1 === CODE_BITS ? 17 : 0));
  segment(0xc4, [0, ...counts, ...Array.from({ length: 17 }, (_, n) => n)]);
  if (restartRows > 0) segment(0xdd, [(restartRows * columns) >> 8, (restartRows * columns) & 255]);
  segment(0xda, [planes.length, ...ids.flatMap((id) => [id, 0]), predictor, 0, pointTransform]);
  const writer = bitWriter(out);
  const start = 2 ** (bits - pointTransform - 1);
  for (let y = 0; y < rows; y++) {
    const fresh = y === 0 || (restartRows > 0 && y % restartRows === 0);
    if (fresh && y > 0) {
      writer.flush();
      out.push(0xff, 0xd0 + ((y / restartRows - 1) % 8));
    }
    for (let x = 0; x < columns; x++) {
      for (const plane of planes) {
        const guess = predict(plane, { x, y, columns, predictor, fresh, start });
        writeDifference(writer, (plane[y * columns + x] - guess) & 0xffff);
      }
    }
  }
  writer.flush();
  out.push(0xff, 0xd9);
  return Uint8Array.from(out);
}

interface Place {
  x: number;
  y: number;
  columns: number;
  predictor: number;
  fresh: boolean;
  start: number;
}

function predict(plane: Uint16Array, { x, y, columns, predictor, fresh, start }: Place): number {
  const at = y * columns + x;
  if (x === 0) return fresh ? start : plane[at - columns];
  const a = plane[at - 1];
  if (fresh) return a;
  const b = plane[at - columns];
  const c = plane[at - columns - 1];
  return [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1][predictor];
}

interface BitWriter {
  bits(value: number, count: number): void;
  flush(): void;
}

function bitWriter(out: number[]): BitWriter {
  let buffer = 0;
  let count = 0;
  const put = (): void => {
    out.push(buffer);
    if (buffer === 0xff) out.push(0);
    buffer = 0;
    count = 0;
  };
  return {
    bits(value, length) {
      for (let bit = length - 1; bit >= 0; bit--) {
        buffer = (buffer << 1) | ((value >> bit) & 1);
        if (++count === 8) put();
      }
    },
    flush() {
      while (count > 0) this.bits(1, 1);
    },
  };
}

function writeDifference(writer: BitWriter, modulo: number): void {
  if (modulo === 32768) {
    writer.bits(16, CODE_BITS);
    return;
  }
  const difference = modulo > 32768 ? modulo - 65536 : modulo;
  const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
  writer.bits(category, CODE_BITS);
  writer.bits(difference < 0 ? difference + 2 ** category - 1 : difference, category);
}
