/**
 * Repeatable random numbers: the chaotic counter generator sfc32 (Doty-Humphrey, public domain; passes PractRand),
 * seeded through a mixing function so that neighbouring seeds give unrelated streams. Same seed, same numbers, on every
 * machine. Not for secrets.
 */

/** A seeded stream of random numbers. */
export interface Random {
  /** uniform in [0, 1) with 53 random bits */
  uniform(): number;
  /** normally distributed, by default with mean 0 and standard deviation 1 */
  normal(mean?: number, sd?: number): number;
  /** whole number, both ends possible */
  int(lowest: number, highest: number): number;
}

/**
 * Starts a stream of random numbers.
 *
 * @param seed - any number; its value, not its identity, fixes the stream
 * @example createRandom(7).int(3, 3) // 3
 * @example createRandom(7).uniform() === createRandom(7).uniform() // true
 */
export function createRandom(seed: number): Random {
  const next32 = sfc32(seed);
  const uniform = () => ((next32() >>> 5) * 67108864 + (next32() >>> 6)) / 9007199254740992;
  let spare: number | undefined;
  const standardNormal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };
  return {
    uniform,
    normal: (mean = 0, sd = 1) => mean + sd * standardNormal(),
    int: (lowest, highest) => lowest + Math.floor(uniform() * (highest - lowest + 1)),
  };
}

function sfc32(seed: number): () => number {
  const words = new Uint32Array(new Float64Array([seed]).buffer);
  let [a, b, c, d] = [words[0], words[1], 0x9e3779b9, 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}
