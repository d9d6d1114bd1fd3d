import { describe, expect, it } from 'vitest';
import type { WireArtifact } from '../../../../contract/index.ts';
import type { MotionChannel } from '../../../kit/motion.ts';
import type { ChannelInfo } from '../recording/recording.ts';
import { axisStep, axisTime, laneExtremes, laneScale, planLanes, shownUnit, splitName } from './lane-plan.ts';

function channels(kind: string, ...infos: Partial<ChannelInfo>[]): MotionChannel[] {
  const artifact = { id: kind, kind, name: kind } as unknown as WireArtifact;
  return infos.map((info, index) => ({
    id: `${kind} ${index}`,
    artifact,
    info: { name: `c${index}`, unit: 'V', quantity: 'other', ...info },
    time: { clock: 'a', startS: 0, rateHz: 1, count: 10 },
    map: undefined,
    channel: undefined,
  }));
}

describe('lanes', () => {
  it('put the components of a sensor together, and each muscle alone', () => {
    const imu = channels(
      'signal.imu',
      ...(['x', 'y', 'z'] as const).map((axis) => ({ axis, sensor: 's1', quantity: 'acceleration' as const })),
      ...(['x', 'y', 'z'] as const).map((axis) => ({ axis, sensor: 's2', quantity: 'acceleration' as const })),
    );
    const emg = channels('signal.emg', { quantity: 'emg', site: 'erectorSpinae', level: 'L4', side: 'left' }, {});
    const lanes = planLanes([...imu, ...emg]);
    expect(lanes.map((lane) => lane.channels.length)).toEqual([1, 1, 3, 3]);
    expect(lanes[0].note).toBe('EMG · erector spinae L4 left');
    expect(lanes[2].title).toBe('s1 acceleration');
    expect(lanes.map(({ first }) => first)).toEqual([true, true, false, false]);
    const turning = channels('signal.imu', { axis: 'x', sensor: 's1', quantity: 'angular-rate' });
    expect(planLanes([...turning, ...emg]).every(({ first }) => first)).toBe(true);
  });

  it('show what there is when there is nothing better, and no more than fit', () => {
    const many = planLanes(channels('signal.other', ...Array.from({ length: 40 }, () => ({}))));
    expect(many.filter(({ first }) => first).length).toBe(16);
    const angles = channels('signal.angle', ...Array.from({ length: 30 }, () => ({ quantity: 'angle' as const })));
    const muscles = channels('signal.emg', ...Array.from({ length: 30 }, () => ({ quantity: 'emg' as const })));
    const both = planLanes([...muscles, ...angles]).filter(({ first }) => first);
    expect(both.length).toBe(16);
    expect(both.filter(({ quantity }) => quantity === 'emg').length).toBe(6);
  });

  it('of one name say which recording each is of', () => {
    const of = (clock: string): MotionChannel[] =>
      channels('signal.angle', { name: 'trunk.flexion (YXZ 3 of 3, + forward)', quantity: 'angle' }).map((one) => ({
        ...one,
        id: clock,
        time: { ...one.time, clock },
      }));
    const notes = (...clocks: string[]): string[] => planLanes(clocks.flatMap(of)).map(({ note }) => note);
    expect(notes('bend_before camera', 'bend_before electrodes')).toEqual([
      'YXZ 3 of 3, + forward · camera',
      'YXZ 3 of 3, + forward · electrodes',
    ]);
    expect(notes('walk', 'walk 2')).toEqual(['YXZ 3 of 3, + forward · walk', 'YXZ 3 of 3, + forward · walk 2']);
    expect(notes('alone')).toEqual(['YXZ 3 of 3, + forward']);
  });

  it('have a scale once they are read, in the unit that they are read in', () => {
    const read = (low: number, high: number) =>
      channels('signal.emg', {}).map((one) => ({ ...one, channel: { low, high } as MotionChannel['channel'] }));
    expect(laneExtremes({ unit: 'V', channels: read(-2e-4, 1.234e-4) })).toEqual(['\u2212200', '123']);
    expect(laneExtremes({ unit: 'deg', channels: read(-0.02, 0.32) })).toEqual(['\u22120.02', '0.32']);
    expect(laneExtremes({ unit: 'V', channels: channels('signal.emg', {}) })).toBeUndefined();
  });

  it('print order and sign of an angle below its name', () => {
    expect(splitName('trunk.flexion (YXZ 3 of 3, + forward)')).toEqual(['trunk flexion', 'YXZ 3 of 3, + forward']);
    expect(splitName('EMG1')).toEqual(['EMG1']);
    const [lane] = planLanes(
      channels('signal.angle', { name: 'trunk.flexion (YXZ 3 of 3, + forward)', quantity: 'angle' }),
    );
    expect([lane.title, lane.note]).toEqual(['trunk flexion', 'YXZ 3 of 3, + forward']);
  });

  it('scale to what was measured', () => {
    expect(laneScale([Number.NaN], [Number.NaN])).toEqual({ low: -1, high: 1 });
    const { low, high } = laneScale([0, -1], [3, 1]);
    expect([low, high]).toEqual([-1.24, 3.24]);
    expect(laneScale([5], [5]).high).toBeGreaterThan(5);
  });

  it('read muscles in microvolts, whatever the file has', () => {
    expect(shownUnit('V', 3e-4)).toEqual({ unit: 'uV', factor: 1e6 });
    expect(shownUnit('mV', 2)).toEqual({ unit: 'mV', factor: 1 });
    expect(shownUnit('mV', 0.06).unit).toBe('uV');
    expect(shownUnit('deg', 1e-5)).toEqual({ unit: 'deg', factor: 1 });
  });

  it('write round times', () => {
    expect(axisTime(599.9995, 0.01)).toBe('10:00.00');
    expect([axisStep(10, 8), axisStep(600, 8), axisStep(0.03, 6)]).toEqual([2, 100, 0.005]);
    expect([axisTime(3.25, 0.01), axisTime(125.5, 0.1), axisTime(600, 100), axisTime(-0.5, 0.1)]).toEqual([
      '3.25',
      '2:05.5',
      '10:00',
      '\u22120.5',
    ]);
  });
});
