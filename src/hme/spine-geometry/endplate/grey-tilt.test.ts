import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import { HOUNSFIELD, type Vec3, type Volume } from '../../../model/index.ts';
import type { Crop } from '../label/crop.ts';
import { frameFrom } from '../label/local-frame.ts';
import { type Endplate, fitEndplate, settleDoubt } from './endplate.ts';
import { measureFootprint } from './footprint.ts';

const frame = frameFrom([0, 0, 0], [0, 0, 1], [0, -1, 0]);
const DEG = 180 / Math.PI;
const CORTEX = { hu: 700, mm: 0.65 };

interface Scene {
  edge: number;
  /** height of the plate's middle; layers of 1 mm voxels lie at 11.9 and 12.9 */
  height: number;
  /** tilts of the upper plate: slope to the left, slope forward */
  slopes: readonly [number, number];
  /** grey level above the plate */
  above(x: number, y: number): number;
  noiseHu: number;
}

/** An elliptic body 44×32 mm with its label and its grey levels: cortex and its share of every voxel. */
function scan({ edge, height, slopes, above, noiseHu }: Scene): { body: Crop; volume: Volume<Int16Array> } {
  const n = Math.ceil(60 / edge);
  const origin: Vec3 = [-29.3, -29.7, -30.1];
  const grid = { size: [n, n, n] as const, spacing: [edge, edge, edge] as const, origin };
  const mask = new Uint8Array(n ** 3);
  const data = new Int16Array(n ** 3);
  const random = createRandom(5);
  const width = Math.hypot(edge, 0.7);
  let voxels = 0;
  for (let k = 0, at = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, at++) {
        const [x, y, z] = [origin[0] + i * edge, origin[1] + j * edge, origin[2] + k * edge];
        const beyond = z - height - slopes[0] * x + slopes[1] * y;
        const inside = (x / 22) ** 2 + (y / 16) ** 2 <= 1;
        if (inside && beyond <= 0 && z > -13) [mask[at], voxels] = [1, voxels + 1];
        const out = inside ? Math.min(1, Math.max(0, 0.5 + beyond / width)) : 1;
        const core = inside ? Math.min(1, Math.max(0, 0.5 - (beyond + CORTEX.mm) / width)) : 0;
        const mean = out * above(x, y) + core * 150 + (1 - out - core) * CORTEX.hu;
        data[at] = Math.round(mean + noiseHu * random.normal());
      }
  const direction = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;
  const whole = { ...grid, direction };
  return {
    body: { grid: whole, start: [0, 0, 0], size: grid.size, mask, voxels },
    volume: { ...whole, data, unit: HOUNSFIELD },
  };
}

function upper(body: Crop, volume: Volume | undefined, sdMm = 0): Endplate {
  const footprint = measureFootprint(body, frame);
  const noise = { sdMm, lengthMm: 3 };
  const plate = footprint && fitEndplate(body, frame, footprint, 'superior', { likelihood: true, noise, volume });
  if (!plate) throw new Error('no plate');
  settleDoubt(plate, noise);
  return plate;
}

const offDeg = (plate: Endplate, slopes: readonly [number, number]) =>
  Math.hypot(plate.plane.slopeU - slopes[0], plate.plane.slopeV - slopes[1]) * DEG;
const sdDeg = (plate: Endplate) => Math.sqrt(Math.max(plate.planeCovariance[4], plate.planeCovariance[8])) * DEG;

const LEVEL: Scene = { edge: 1, height: 12.5, slopes: [0.004, -0.007], above: () => 85, noiseHu: 12 };

describe('tilt of a plate along the grid from grey levels', () => {
  it('is found where the label leaves it open, and the doubt says so', () => {
    const { body, volume } = scan(LEVEL);
    const alone = upper(body, undefined);
    const seen = upper(body, volume);
    // all of the upper layer is one flat slice of voxels
    expect(sdDeg(alone)).toBeGreaterThan(0.5);
    expect(offDeg(alone, LEVEL.slopes)).toBeGreaterThan(0.3);
    expect(sdDeg(seen)).toBeLessThan(0.3);
    expect(offDeg(seen, LEVEL.slopes)).toBeLessThan(0.15);
  });

  it('stays within its doubt where no layer lies on a flank of the cortex', () => {
    for (const slopes of [LEVEL.slopes, [0.01, 0], [0, 0.012], [-0.006, 0.003]] as const) {
      const { body, volume } = scan({ ...LEVEL, height: 12.23, slopes });
      const seen = upper(body, volume);
      expect(offDeg(seen, slopes)).toBeLessThan(2.5 * sdDeg(seen));
      expect(offDeg(seen, slopes)).toBeLessThan(offDeg(upper(body, undefined), slopes));
    }
  });

  it('is not led astray by what lies above: muscle in front, fat behind', () => {
    const { body, volume } = scan({ ...LEVEL, above: (_, y) => (y < 0 ? 60 : -40) });
    expect(offDeg(upper(body, volume), LEVEL.slopes)).toBeLessThan(0.15);
  });

  it('changes nothing where voxels are coarse, the label errs by itself, or the volume is empty', () => {
    const { body, volume } = scan(LEVEL);
    const coarse = scan({ ...LEVEL, edge: 1.5 });
    expect(upper(coarse.body, coarse.volume).plane).toEqual(upper(coarse.body, undefined).plane);
    expect(upper(body, volume, 0.3).plane).toEqual(upper(body, undefined, 0.3).plane);
    const flat = { ...volume, data: new Int16Array(volume.data.length) };
    expect(upper(body, flat).plane).toEqual(upper(body, undefined).plane);
    const elsewhere = { ...volume, origin: [500, 0, 0] as Vec3 };
    expect(upper(body, elsewhere).plane).toEqual(upper(body, undefined).plane);
  });

  it('does not follow another edge', () => {
    const { body } = scan(LEVEL);
    const { volume } = scan({ ...LEVEL, slopes: [0.13, 0.06] });
    expect(upper(body, volume).plane).toEqual(upper(body, undefined).plane);
  });
});
