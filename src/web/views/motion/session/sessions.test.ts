import { describe, expect, it } from 'vitest';
import type { WireArtifact } from '../../../../contract/index.ts';
import { extentOf, mapTo, sessionsOf, tellingEvents, titleOf } from './sessions.ts';

function recording(kind: string, clock: string, startS = 0, endS = 10): WireArtifact {
  return { id: `${kind} ${clock}`, kind, name: kind, summary: { clock, startS, endS } } as unknown as WireArtifact;
}

const map = {
  from: 'imu',
  to: 'video',
  offsetS: 5,
  driftPpm: 0,
  method: 'correlation' as const,
  quality: 0.9,
  basis: '',
};
const maps = [map];
const list = [
  recording('signal.imu', 'imu'),
  recording('sequence.skeleton', 'video'),
  recording('signal.emg', 'other'),
];

describe('sessions', () => {
  it('keep clocks apart that nobody has joined', () => {
    expect(sessionsOf(list, undefined).map(({ title }) => title)).toEqual(['other', 'video', 'imu']);
  });

  it('are called by what their recordings have in common', () => {
    expect(titleOf(['bend after electrodes', 'bend after camera'])).toBe('bend after · electrodes, camera');
    expect(titleOf(['a10_s1_t1_skeleton', 'a10_s1_t1_inertial'])).toBe('a10 s1 t1 · skeleton, inertial');
    expect(titleOf(['imu', 'video'])).toBe('imu + video');
    expect(titleOf(['gait 1'])).toBe('gait 1');
    expect(titleOf(['gait 1', 'gait 1 left'])).toBe('gait · 1, 1 left');
  });

  it('join what the clock maps join', () => {
    const sessions = sessionsOf(list, maps);
    expect(sessions.map(({ title }) => title)).toEqual(['other', 'imu + video']);
    expect(extentOf(sessions[1], maps)).toEqual([0, 15]);
    expect(mapTo('imu', maps)).toBe(map);
    expect(mapTo('video', maps)).toBeUndefined();
  });

  it('do not join on a guess, unless somebody moved it by hand', () => {
    const guess = { ...map, method: 'assumed' as const, offsetS: 0, quality: 0 };
    expect(sessionsOf(list, [guess])).toHaveLength(3);
    expect(sessionsOf(list, [{ ...guess, nudgeS: 0.01 }])).toHaveLength(2);
  });

  it('show movements before bursts before rest', () => {
    const events = ['rest (pelvis)', 'burst L4', 'bend 1'].map((label) => ({ label }));
    expect(tellingEvents(events).map(({ label }) => label)).toEqual(['bend 1']);
    expect(tellingEvents(events.slice(0, 2)).map(({ label }) => label)).toEqual(['burst L4']);
    expect(tellingEvents([])).toEqual([]);
  });

  it('make no session of events alone, and none of pictures', () => {
    expect(sessionsOf([recording('events', 'a'), recording('volume.ct', 'b')], undefined)).toEqual([]);
    const [alone] = sessionsOf([recording('signal.emg', 'a', 3, 3)], undefined);
    expect(extentOf(alone, undefined)).toEqual([3, 4]);
  });
});
