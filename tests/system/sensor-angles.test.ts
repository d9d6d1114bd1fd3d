/** Sensors of the virtual subject, with noise, bias and iron nearby, to joint angles of known truth. */

import { describe, expect, it } from 'vitest';
import { sensorAngles } from '../support/motion/sensor-subject.ts';

const LIMIT_DEG = 1;

describe('from sensors to joint angles', () => {
  it.each([
    ['bend', 'nine axes', {}],
    ['squat', 'nine axes', {}],
    ['bend', 'six axes', { field: false }],
    ['squat', 'six axes', { field: false }],
  ] as const)('%s, %s: every angle within 1°', async (task, _, params) => {
    const { errors, codes } = await sensorAngles({ task }, params);
    expect(errors).toHaveLength(8);
    for (const { id, largestDeg } of errors) expect(largestDeg, id).toBeLessThan(LIMIT_DEG);
    expect(codes.includes('segment.uninstructed')).toBe('field' in params);
  });

  it('bends beside an iron table: flexion stays, the rest is off and flagged', async () => {
    const { errors, codes } = await sensorAngles({ task: 'bend', disturbed: true });
    for (const { id, largestDeg } of errors)
      if (/flexion|tilt/.test(id)) expect(largestDeg, id).toBeLessThan(LIMIT_DEG);
    expect(codes).toContain('segment.field');
  });

  it('stands up from a chair: right once the standing pose is named', async () => {
    // it begins seated, and a seat is no neutral pose
    const seated = await sensorAngles({ task: 'sit-to-stand' });
    expect(Math.max(...seated.errors.map(({ largestDeg }) => largestDeg))).toBeGreaterThan(50);
    const named = await sensorAngles({ task: 'sit-to-stand' }, {}, { poseStart: 4.75, poseEnd: 5.25 });
    for (const { id, largestDeg } of named.errors) expect(largestDeg, id).toBeLessThan(LIMIT_DEG);
  });
});
