import { describe, expect, it } from 'vitest';
import { outputsOf, runCapability } from '../../../tests/support/read.ts';
import type { ArtifactValue, ParamValues, Signals, Table } from '../../model/index.ts';
import { type BodyScript, type PostureAngles, parseMapping, segmentAngles, simulateBody } from './index.ts';

/** Stands for three seconds, squats twice, bends aside, turns, stands again. */
function squats(timeS: number): PostureAngles {
  const wave = (from: number, to: number) =>
    timeS > from && timeS < to ? 0.5 * (1 - Math.cos((2 * Math.PI * (timeS - from)) / (to - from))) : 0;
  const down = wave(3, 6) + wave(7, 10);
  const aside = wave(11, 13);
  const round = wave(13, 15);
  return {
    'pelvis.tilt': 20 * down,
    'lumbar.flexion': 25 * down,
    'lumbar.lateral': 22 * aside,
    'lumbar.rotation': -15 * round,
    'hip.flexion.right': 85 * down,
    'hip.flexion.left': 80 * down,
    'hip.adduction.right': -6 * down,
    'hip.adduction.left': -4 * down,
    'knee.flexion.right': 95 * down,
    'knee.flexion.left': 88 * down,
  };
}

const SCRIPT: BodyScript = { rateHz: 60, samples: 1080, angles: squats, facingDeg: 130 };

async function run(input: ArtifactValue, params: ParamValues = {}, recording: ArtifactValue[] = []) {
  const result = await runCapability(segmentAngles, { orientation: [input], recording }, params);
  const angles = outputsOf(result, 'angles')[0]?.payload as Signals | undefined;
  const table = outputsOf(result, 'calibration')[0]?.payload as Table | undefined;
  return {
    ...result,
    angles,
    codes: result.quality.map(({ code }) => code),
    column: (name: string) => table?.columns.find((entry) => entry.name === name)?.values ?? [],
    /** largest difference of an angle from the truth · deg */
    error(id: string, truth: (timeS: number) => PostureAngles = squats): number {
      const channel = angles?.channels.find(({ name }) => name.startsWith(`${id} (`));
      if (!channel || !angles) return Number.NaN;
      return Float64Array.from(channel.values).reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (truth(i / angles.rateHz)[id] ?? 0))),
        0,
      );
    },
  };
}

const IDS = Object.keys(squats(0));

describe('angles of segments', () => {
  it('are those prescribed, with the heading named by an axis', async () => {
    // aligned sensors have their x forward, so the pelvis says it exactly
    const result = await run(simulateBody({ ...SCRIPT, aligned: true }), { headingAxis: 'x' });
    for (const id of IDS) expect(result.error(id), id).toBeLessThan(1e-6);
    expect(result.codes).toEqual([]);
  });

  it('are those prescribed wherever sensors sit, with the heading from the bending of the body', async () => {
    const result = await run(simulateBody(SCRIPT));
    // the bend is not quite about one axis: thighs spread by 6° of 85°
    for (const id of IDS) expect(result.error(id), id).toBeLessThan(2);
    expect(result.error('hip.flexion.right')).toBeLessThan(0.5);
    expect(result.column('headingFrom')).toEqual(Array(6).fill('bending of the body'));
    for (const heading of result.column('heading')) expect(Math.abs((heading as number) - 130)).toBeLessThan(1.5);
  });

  it('need no heading in common, and lose their drift where the subject stands', async () => {
    const still = (t: number) => squats(t < 16 ? t : t - 16);
    const input = simulateBody({ ...SCRIPT, samples: 2160, angles: still, driftDegMin: 40 });
    const result = await run(input);
    expect(new Set(result.column('headingFrom'))).toEqual(new Set(['own bending']));
    expect(result.codes).toEqual(['segment.uninstructed']);
    expect((await run(input, { movementStart: 2.5, movementEnd: 10.5 })).codes).toEqual([]);
    const named = await run(simulateBody({ ...SCRIPT, aligned: true, driftDegMin: 0 }), { headingAxis: 'x' });
    expect(new Set(named.column('headingFrom'))).toEqual(new Set(['own axis']));
    // still spells reach a little into the movements beside them
    for (const id of IDS) expect(named.error(id), id).toBeLessThan(0.05);
    // each sensor's axis is found alone: a spread of 6° turns a thigh by as much as 5°
    for (const id of IDS) expect(result.error(id, still), id).toBeLessThan(6);
    expect(result.error('knee.flexion.right', still)).toBeLessThan(1);
    const drifting = await run(input, { drift: false });
    // a file of orientations alone does not say that headings are relative
    const told = await run({ ...input, quality: [] }, { headings: 'own' });
    expect(told.error('knee.flexion.right', still)).toBe(result.error('knee.flexion.right', still));
    expect(drifting.error('lumbar.rotation', still)).toBeGreaterThan(8);
    expect(result.error('lumbar.rotation', still)).toBeLessThan(4);
  });

  it('tell their order and sign in their names, with segment and side', async () => {
    const { angles } = await run(simulateBody(SCRIPT));
    const names = angles?.channels.map(({ name }) => name);
    expect(names).toContain('knee.flexion.left (ZXY 1 of 3, + flexion)');
    expect(names).toContain('trunk.lateral (YXZ 2 of 3, + to the right)');
    expect(angles?.channels.find(({ name }) => name.startsWith('hip.rotation.left'))).toMatchObject({
      segment: 'hip',
      side: 'left',
      unit: 'deg',
    });
  });

  it('speak in features with interval or reason', async () => {
    const { features } = await run(simulateBody(SCRIPT));
    const of = (definition: string, site: string, side?: string) =>
      features.find((f) => f.definition === `segment.${definition}` && f.site === site && f.side === side);
    const knee = of('rangeOfMotion', 'knee.flexion', 'right');
    expect(Math.abs((knee?.value as number) - 95)).toBeLessThan(0.5);
    expect(knee?.uncertainty.kind).toBe('interval');
    // 95° up and down in 3 s: π / 3 · 95 at the steepest
    expect(Math.abs((of('peakVelocity', 'knee.flexion', 'right')?.value as number) - 99.5)).toBeLessThan(1);
    expect(of('headingMismatch', 'thigh', 'left')?.uncertainty.kind).toBe('interval');
    const loose = await run(simulateBody({ ...SCRIPT, driftDegMin: 1 }));
    const turn = loose.features.find((f) => f.definition === 'segment.rangeOfMotion' && f.site === 'lumbar.rotation');
    expect(turn?.uncertainty.kind).toBe('unknown');
  });

  it('find a sensor that was mounted the wrong way', async () => {
    const input = simulateBody({ ...SCRIPT, aligned: true });
    const { codes, quality } = await run(input, { headingAxis: 'z' });
    expect(codes).toContain('segment.heading-mismatch');
    expect(quality[0].message).toMatch(/9\d?° to the left|8\d° to the left/);
  });

  it('say when nothing tells the heading, when nobody stands, and when nothing names a segment', async () => {
    const still = await run(simulateBody({ ...SCRIPT, angles: () => ({}) }));
    expect(still.codes).toContain('segment.heading');
    const restless = await run(simulateBody({ ...SCRIPT, angles: (t) => ({ 'pelvis.rotation': 60 * t }) }), {
      headingAxis: 'x',
    });
    expect(restless.codes).toContain('segment.pose');
    const input = simulateBody(SCRIPT);
    for (const channel of (input.payload as Signals).channels) delete channel.segment;
    const nameless = await run(input);
    expect(nameless.codes).toEqual(['segment.none']);
    const named = await run(input, { sensors: 'imu pelvis=pelvis, imu thorax=thorax' });
    expect(named.error('lumbar.flexion')).toBeLessThan(1);
  });

  it('check gravity and field against the raw samples', async () => {
    const input = simulateBody({ ...SCRIPT, aligned: true });
    // aligned sensors stand with y up; this accelerometer leans by 5°
    const lean = (5 * Math.PI) / 180;
    const vector = (quantity: 'acceleration' | 'magnetic-field', unit: 'm/s2' | 'uT', at: (i: number) => number[]) =>
      (['x', 'y', 'z'] as const).map((axis, k) => ({
        name: `${quantity} ${axis}`,
        quantity,
        unit,
        axis,
        sensor: 'imu pelvis',
        values: Float64Array.from({ length: 1080 }, (_, i) => at(i)[k]),
      }));
    const raw: Signals = {
      clock: 'simulated',
      startS: 0,
      rateHz: 60,
      channels: [
        ...vector('acceleration', 'm/s2', () => [9.81 * Math.sin(lean), 9.81 * Math.cos(lean), 0]),
        ...vector('magnetic-field', 'uT', (i) => [0, -40, i < 400 ? 20 : 60]),
      ],
    };
    const { codes, column, features } = await run(input, { headingAxis: 'x' }, [{ kind: 'signal.imu', payload: raw }]);
    expect(codes).toEqual(expect.arrayContaining(['segment.gravity', 'segment.field']));
    expect(column('gravityResidual')[0]).toBeCloseTo(5, 6);
    expect(column('fieldOff')[0]).toBeCloseTo((100 * 400) / 1080, 6);
    expect(features.find(({ definition }) => definition === 'segment.gravityResidual')?.site).toBe('pelvis');
  });

  it('bring sensors of another rate to the first', async () => {
    const slow = simulateBody({ ...SCRIPT, rateHz: 25, samples: 450 });
    const fast = simulateBody(SCRIPT);
    const keep = (input: ArtifactValue, segment: string) => {
      const payload = input.payload as Signals;
      return { ...input, payload: { ...payload, channels: payload.channels.filter((c) => c.segment === segment) } };
    };
    const result = await runCapability(segmentAngles, { orientation: [keep(fast, 'pelvis'), keep(slow, 'thorax')] });
    const angles = outputsOf(result, 'angles')[0].payload as Signals;
    expect(angles.rateHz).toBe(60);
    const flexion = angles.channels.find(({ name }) => name.startsWith('lumbar.flexion'));
    expect(Math.abs((flexion?.values[270] ?? 0) - 25)).toBeLessThan(0.5);
  });
});

describe('names of sensors', () => {
  it('are pairs', () => {
    expect([...parseMapping(' A = pelvis; B=shank.left ')]).toEqual([
      ['A', 'pelvis'],
      ['B', 'shank.left'],
    ]);
    for (const text of ['A', 'A=knee', 'A=thigh.up', '=pelvis'])
      expect(() => parseMapping(text)).toThrow(expect.objectContaining({ code: 'parameter.invalid' }));
  });
});
