/** A body of known shape on a couch, for tests: an ellipse whose size swells along the body, lying on a table it may press flat. */

import type { Volume } from '../../model/index.ts';

/** What the phantom holds. */
export interface PhantomOptions {
  spacingMm?: readonly [number, number, number];
  /** size of the box · mm */
  boxMm?: readonly [number, number, number];
  /** HU of the couch's shell; `undefined` for no couch */
  shellHu?: number;
  shellMm?: number;
  /** the couch top cuts this much off the bottom of the body: the body lies flat on it · mm */
  pressedMm?: number;
  /** sag of the couch towards its middle · mm */
  sagMm?: number;
  noiseHu?: number;
  seed?: number;
}

/** The scan and the truth about it. */
export interface Phantom {
  volume: Volume<Int16Array>;
  /** signed distance to the body's skin, about · mm, negative inside */
  skin(xyz: readonly [number, number, number]): number;
  /** true inside the couch (shell, core) */
  couch(xyz: readonly [number, number, number]): boolean;
}

/** Half axes of the body at a height · mm */
const halfAxes = (z: number): [number, number] => [150 + 12 * Math.sin(z / 40), 95 + 8 * Math.cos(z / 55)];

/** Draws the phantom; skin edges are softened over a voxel as a scanner does. */
export function bodyPhantom(options: PhantomOptions = {}): Phantom {
  const {
    spacingMm = [2.5, 2.5, 3],
    boxMm = [400, 300, 90],
    shellHu,
    shellMm = 3,
    pressedMm = 12,
    sagMm = 0,
  } = options;
  const size = boxMm.map((mm, a) => Math.round(mm / spacingMm[a])) as [number, number, number];
  const top = (x: number, z: number) => halfAxes(0)[1] - pressedMm - sagMm * (x / 200) ** 2 + 0 * z;
  const ellipse = (x: number, y: number, z: number): number => {
    const [a, b] = halfAxes(z);
    const r = Math.hypot(x / a, y / b);
    return (r - 1) * Math.min(a, b) * (r > 0 ? Math.hypot(x, y) / (r * Math.min(a, b)) : 1);
  };
  const body = (x: number, y: number, z: number): number => {
    const free = ellipse(x, y, z);
    return shellHu === undefined ? free : Math.max(free, y - top(x, z));
  };
  const inCouch = (x: number, y: number): boolean => {
    const depth = y - top(x, 0);
    return shellHu !== undefined && Math.abs(x) < 190 && depth >= 0 && depth < 30;
  };
  const random = noise(options.seed ?? 1);
  const data = new Int16Array(size[0] * size[1] * size[2]);
  const soft = Math.min(...spacingMm);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const [x, y, z] = [i, j, k].map((n, a) => (n + 0.5) * spacingMm[a] - boxMm[a] / 2);
        const share = Math.min(1, Math.max(0, 0.5 - body(x, y, z) / soft));
        let around = -1000;
        if (inCouch(x, y)) {
          const depth = y - top(x, 0);
          around = depth < shellMm || depth > 30 - shellMm ? shellHu! : -900;
        }
        const tissue = lungAt(x, y) ? -850 : body(x, y, z) > -15 ? -100 : 40;
        data[at] = share * tissue + (1 - share) * around + (options.noiseHu ?? 0) * random();
      }
    }
  }
  const volume: Volume<Int16Array> = {
    size,
    spacing: [...spacingMm],
    origin: boxMm.map((mm, a) => (spacingMm[a] - mm) / 2) as unknown as Volume['origin'],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data,
    unit: "[hnsf'U]",
  };
  return { volume, skin: ([x, y, z]) => body(x, y, z), couch: ([x, y]) => inCouch(x, y) };
}

/** A lung that the end slices cut open. */
function lungAt(x: number, y: number): boolean {
  return Math.hypot((x - 60) / 40, (y + 10) / 55) < 1;
}

/** Standard normal numbers from a seed (Box and Muller on a small generator). */
function noise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
