/**
 * Inverse 8×8 DCT in integers: Loeffler, Ligtenberg and Moschytz 1989 (11 multiplications per row), 13-bit constants.
 *
 * Roundings follow the reference arithmetic that DICOM toolkits use, so lossy images equal theirs to the last bit
 * (checked against DCMTK for 8 and 12 bit).
 */

const BITS = 13;
const C0_298631336 = 2446;
const C0_390180644 = 3196;
const C0_541196100 = 4433;
const C0_765366865 = 6270;
const C0_899976223 = 7373;
const C1_175875602 = 9633;
const C1_501321110 = 12299;
const C1_847759065 = 15137;
const C1_961570560 = 16069;
const C2_053119869 = 16819;
const C2_562915447 = 20995;
const C3_072711026 = 25172;

const scratch = new Int32Array(64);

/** The eight sums of one 8-point transform, left in `even` and `odd` order by the caller's writes. */
const lane = new Int32Array(8);

function transform8(
  z0: number,
  z1: number,
  z2: number,
  z3: number,
  z4: number,
  z5: number,
  z6: number,
  z7: number,
): void {
  // even part
  const evenTurn = (z2 + z6) * C0_541196100;
  const e2 = evenTurn - z6 * C1_847759065;
  const e3 = evenTurn + z2 * C0_765366865;
  const e0 = (z0 + z4) << BITS;
  const e1 = (z0 - z4) << BITS;
  const t0 = e0 + e3;
  const t3 = e0 - e3;
  const t1 = e1 + e2;
  const t2 = e1 - e2;
  // odd part
  const s1 = -(z7 + z1) * C0_899976223;
  const s2 = -(z5 + z3) * C2_562915447;
  const turn = (z7 + z3 + z5 + z1) * C1_175875602;
  const s3 = turn - (z7 + z3) * C1_961570560;
  const s4 = turn - (z5 + z1) * C0_390180644;
  const o0 = z7 * C0_298631336 + s1 + s3;
  const o1 = z5 * C2_053119869 + s2 + s4;
  const o2 = z3 * C3_072711026 + s2 + s3;
  const o3 = z1 * C1_501321110 + s1 + s4;
  lane[0] = t0 + o3;
  lane[7] = t0 - o3;
  lane[1] = t1 + o2;
  lane[6] = t1 - o2;
  lane[2] = t2 + o1;
  lane[5] = t2 - o1;
  lane[3] = t3 + o0;
  lane[4] = t3 - o0;
}

/** A place to write a decoded block: samples with a row length, the level shift and the largest sample. */
export interface BlockTarget {
  samples: Uint16Array;
  stride: number;
  precision: number;
}

/**
 * Samples of one block, clamped to the precision, written at `to`.
 * @param coefficients - quantised, natural order
 * @param from - index of the block's DC coefficient
 * @param quant - quantisation table, natural order
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  quant: Uint16Array,
  target: BlockTarget,
  to: number,
): void {
  // 12-bit samples leave less headroom in 32-bit sums between the passes
  const extra = target.precision > 8 ? 1 : 2;
  columns(coefficients, from, quant, BITS - extra);
  rows(target, to, BITS + extra + 3);
}

function columns(c: Int16Array, from: number, q: Uint16Array, shift: number): void {
  const half = 1 << (shift - 1);
  for (let x = 0; x < 8; x++) {
    const p = from + x;
    const dc = c[p] * q[x];
    if ((c[p + 8] | c[p + 16] | c[p + 24] | c[p + 32] | c[p + 40] | c[p + 48] | c[p + 56]) === 0) {
      const flat = dc << (BITS - shift);
      for (let y = 0; y < 64; y += 8) scratch[x + y] = flat;
      continue;
    }
    transform8(
      dc,
      c[p + 8] * q[x + 8],
      c[p + 16] * q[x + 16],
      c[p + 24] * q[x + 24],
      c[p + 32] * q[x + 32],
      c[p + 40] * q[x + 40],
      c[p + 48] * q[x + 48],
      c[p + 56] * q[x + 56],
    );
    for (let y = 0; y < 8; y++) scratch[x + 8 * y] = (lane[y] + half) >> shift;
  }
}

function rows(target: BlockTarget, to: number, shift: number): void {
  const { samples, stride, precision } = target;
  const half = 1 << (shift - 1);
  const level = 1 << (precision - 1);
  const most = (1 << precision) - 1;
  for (let y = 0; y < 8; y++) {
    const w = y * 8;
    transform8(
      scratch[w],
      scratch[w + 1],
      scratch[w + 2],
      scratch[w + 3],
      scratch[w + 4],
      scratch[w + 5],
      scratch[w + 6],
      scratch[w + 7],
    );
    const row = to + y * stride;
    for (let x = 0; x < 8; x++) {
      const value = ((lane[x] + half) >> shift) + level;
      samples[row + x] = value < 0 ? 0 : value > most ? most : value;
    }
  }
}
