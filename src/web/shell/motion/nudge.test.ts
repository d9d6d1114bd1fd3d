import { describe, expect, it } from 'vitest';
import { formatNudges, parseNudges } from './nudge.ts';

describe('nudges as the run keeps them', () => {
  it('come back as they were written', () => {
    const nudges = new Map([
      ['bend camera', 0.012],
      ['imu', -0.03],
    ]);
    expect(formatNudges(nudges)).toBe('bend camera=0.012; imu=-0.03');
    expect(parseNudges(formatNudges(nudges))).toEqual(nudges);
  });

  it('drop what has been taken back, and what is no number', () => {
    expect(formatNudges(new Map([['imu', 0]]))).toBe('');
    expect(parseNudges('')).toEqual(new Map());
    expect(parseNudges('imu=soon; video=0.5')).toEqual(new Map([['video', 0.5]]));
  });
});
