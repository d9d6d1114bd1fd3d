import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import { createRandom } from '../../kernel/index.ts';
import type { ArtifactValue, Clocks, SignalChannel, Signals, Table } from '../../model/index.ts';
import { agreement, angleKey, compareCurves, compareSources } from './index.ts';

const knee = (t: number) => 30 * (1 - Math.cos(2.3 * t)) + 8 * Math.sin(5.1 * t + 0.4);

function source(
  clock: string,
  rateHz: number,
  curve: (t: number) => number,
  channel: Partial<SignalChannel> = {},
  seconds = 20,
): Signals {
  const values = Float64Array.from({ length: Math.round(seconds * rateHz) }, (_, i) => curve(i / rateHz));
  return {
    clock,
    startS: 0,
    rateHz,
    channels: [{ name: 'knee.flexion.right', unit: 'deg', quantity: 'angle', side: 'right', values, ...channel }],
  };
}

const artifact = (payload: Signals): ArtifactValue => ({ kind: 'signal.angle', payload, name: payload.clock });

describe('two sources of one angle', () => {
  it('differ by the offset, noise and lag they were given', () => {
    const random = createRandom(4);
    const [{ measures, lag, shifted }] = compareSources(
      source('markers', 100, knee),
      source('video', 30, (t) => knee(t - 0.137) + 5 + 2 * random.normal(), { name: 'knee_angle_r' }),
    ).pairs;
    expect(lag?.lagS).toBeCloseTo(0.137, 2);
    expect(shifted).toBe(true);
    expect(Math.abs(measures.bias - 5)).toBeLessThan(0.3);
    expect(Math.abs(measures.spread - 2)).toBeLessThan(0.2);
    expect(measures.rmse).toBeCloseTo(Math.hypot(measures.bias, measures.rmseCentred), 9);
    expect(measures.limits[1] - measures.limits[0]).toBeCloseTo(2 * 1.96 * measures.spread, 2);
    expect(measures.correlation).toBeGreaterThan(0.98);
  });

  it('are compared on the clock that both were mapped to, the lag only told', () => {
    const clocks: Clocks = {
      reference: 'twin',
      maps: [
        { from: 'imu', to: 'twin', offsetS: 3, driftPpm: 200, method: 'trigger', quality: 1, basis: '' },
        { from: 'video', to: 'twin', offsetS: -1, driftPpm: 0, method: 'trigger', quality: 1, basis: '' },
      ],
    };
    const imu = source('imu', 142, (t) => knee(t * (1 + 200e-6) + 3));
    const video = source('video', 30, (t) => knee(t - 1));
    const [{ measures, lag, shifted }] = compareSources(video, imu, { clocks }).pairs;
    expect(shifted).toBe(false);
    expect(Math.abs(lag?.lagS ?? 1)).toBeLessThan(0.002);
    expect(measures.rmse).toBeLessThan(0.1);
    expect(measures.cmc).toBeGreaterThan(0.999);
  });

  it('change their differences in sign when they change places', () => {
    const [a, b] = [source('a', 50, knee), source('a', 50, (t) => knee(t) + 3)];
    const [one] = compareSources(a, b).pairs;
    const [two] = compareSources(b, a).pairs;
    expect(one.measures.bias).toBeCloseTo(3, 9);
    expect(two.measures.bias).toBeCloseTo(-3, 9);
    expect(two.measures.cmc).toBeCloseTo(one.measures.cmc, 12);
  });

  it('may hold radians, gaps and the other sign', () => {
    const a = source('x', 50, knee);
    const b = source('x', 50, (t) => (t > 4 && t < 6 ? Number.NaN : (-knee(t) * Math.PI) / 180), {
      unit: 'rad',
      name: 'extension',
    });
    const [{ measures }] = compareSources(a, b, { pairs: 'knee.flexion.right=-extension' }).pairs;
    expect(measures.rmse).toBeLessThan(1e-9);
    expect(measures.samples).toBeLessThan(910);
  });
});

describe('signs', () => {
  it('are those of the pair, whichever source comes first', () => {
    const own = source('x', 50, (t) => knee(t) + 2, { name: 'lumbar.flexion' });
    const model = source('x', 50, (t) => -knee(t), { name: 'lumbar_extension' });
    expect(compareSources(model, own).pairs[0].measures.bias).toBeCloseTo(2, 9);
    expect(compareSources(own, model).pairs[0].measures.bias).toBeCloseTo(-2, 9);
  });
});

describe('measures', () => {
  it('have intervals that hold the truth nine times in ten, for noise that is not white', () => {
    const random = createRandom(8);
    let held = 0;
    for (let trial = 0; trial < 400; trial++) {
      let noise = random.normal();
      const a = Float64Array.from({ length: 400 }, (_, i) => 20 * Math.sin(i / 9));
      const b = a.map((value) => {
        noise = 0.9 * noise + Math.sqrt(1 - 0.81) * random.normal();
        return value + 1.5 + noise;
      });
      const found = compareCurves(a, b);
      if (found && Math.abs(found.bias - 1.5) < 1.645 * found.biasSd) held++;
    }
    expect(held / 400).toBeGreaterThan(0.82);
    expect(held / 400).toBeLessThan(0.96);
  });

  it('give a CMC of one for equal curves and none for opposite ones', () => {
    const a = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i / 5));
    expect(compareCurves(a, a)?.cmc).toBeCloseTo(1, 12);
    expect(
      Number.isNaN(
        compareCurves(
          a,
          a.map((value) => 5 - value),
        )?.cmc ?? 0,
      ),
    ).toBe(true);
  });
});

describe('the capability', () => {
  it('tells every number with interval and way back', async () => {
    const { features, outputs } = await runCapability(agreement, {
      first: [artifact(source('markers', 100, knee))],
      second: [artifact(source('video', 30, (t) => knee(t - 0.1) + 4))],
    });
    const of = (id: string) => features.find(({ definition }) => definition === `agreement.${id}`);
    expect(of('angle.bias')?.value).toBeCloseTo(4, 1);
    expect(of('angle.bias')).toMatchObject({ site: 'knee.flexion', side: 'right', unit: 'deg' });
    expect(of('lag')?.value).toBeCloseTo(0.1, 2);
    expect(of('correlation')?.uncertainty.kind).toBe('interval');
    const table = outputs.find(({ role }) => role === 'table')?.draft.payload as Table;
    expect(table.columns[0].values).toEqual(['knee.flexion.right']);
    const curves = outputs.find(({ role }) => role === 'curves')?.draft.payload as Signals;
    expect(curves.channels.map(({ name }) => name.split(' ')[1])).toEqual(['first', 'second', 'mean', 'difference']);
  });

  it('says which names could not be paired, which are missing and when there is no common time', () => {
    const [a, b] = [source('a', 50, knee), source('b', 50, knee, { name: 'elbow.flexion.left', quantity: 'force' })];
    expect(() => compareSources(a, b)).toThrow(expect.objectContaining({ code: 'labels.unknown' }));
    expect(() => compareSources(a, b, { pairs: 'knee.flexion.right=hip' })).toThrow(
      expect.objectContaining({ code: 'parameter.invalid' }),
    );
    const late = { ...source('b', 50, knee), startS: 100 };
    expect(() => compareSources(a, late)).toThrow(expect.objectContaining({ code: 'geometry.no-overlap' }));
  });

  it('knows the names of OpenSim', () => {
    expect(angleKey('lumbar_extension')).toEqual({ key: 'lumbar.flexion', sign: -1 });
    expect(angleKey('Trunk Flexion')).toEqual({ key: 'trunk.flexion', sign: 1 });
  });
});
