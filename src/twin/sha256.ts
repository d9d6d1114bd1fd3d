/**
 * SHA-256 (FIPS 180-4) in plain TypeScript, for the short texts that ids are made of.
 *
 * Synchronous and without platform imports, so ids come out the same in Node, in a worker and in a browser.
 * Blobs of megabytes are hashed by the store with the platform's own code.
 */

const K = roundConstants();
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const;

/**
 * SHA-256 of a text (as UTF-8) or of bytes.
 * @returns 64 lower-case hexadecimal digits
 */
export function sha256Hex(message: string | Uint8Array): string {
  const bytes = typeof message === 'string' ? new TextEncoder().encode(message) : message;
  const state = Int32Array.from(INITIAL);
  const padded = pad(bytes);
  const schedule = new Int32Array(64);
  for (let at = 0; at < padded.byteLength; at += 64) compress(state, schedule, new DataView(padded.buffer, at, 64));
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function pad(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  return padded;
}

function compress(state: Int32Array, w: Int32Array, block: DataView): void {
  for (let t = 0; t < 16; t++) w[t] = block.getInt32(t * 4);
  for (let t = 16; t < 64; t++) {
    const s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + big1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const next = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] += next[i];
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(64);
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 64; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n);
  primes.forEach((p, i) => {
    constants[i] = Number(BigInt.asIntN(32, cubeRoot(p << 96n)));
  });
  return constants;
}

function cubeRoot(n: bigint): bigint {
  let x = 1n << 36n;
  for (;;) {
    const next = (2n * x + n / (x * x)) / 3n;
    if (next >= x) return x;
    x = next;
  }
}
