import { describe, expect, it } from 'vitest';
import { type Grid, IDENTITY_DIRECTION } from '../../model/index.ts';
import { describeAcquisition } from './acquisitions.ts';

const grid = (x: number, n = 10): Grid => ({
  size: [n, 10, 10],
  spacing: [1, 1, 1],
  origin: [x, 0, 0],
  direction: IDENTITY_DIRECTION,
});
const about = { id: 'a1', knownAt: '2026-01-01T00:00:00Z', scales: ['meso'] as const, files: [] };
const item = { modality: 'labels', quality: [], metadata: {} };

describe('describeAcquisition', () => {
  it('keeps a stated frame of reference', () => {
    expect(describeAcquisition({ ...item, frameOfReference: '1.2.3' }, [], about).frameOfReference).toBe('1.2.3');
  });

  it('keeps no name of a file that names the person', () => {
    const files = ['Jane_Doe.fhir.json', 'jane.doe', 'DOE/IM1.DCM'].map((name) => ({ name, sha256: 'ab', bytes: 1 }));
    const made = describeAcquisition({ ...item, namesPerson: true }, [], { ...about, files });
    expect(made.files.map(({ name }) => name)).toEqual(['original-1.json', 'original-2', 'original-3.dcm']);
    expect(made.metadata).toEqual({ namesPerson: true });
    expect(describeAcquisition(item, [], { ...about, files }).files).toEqual(files);
  });

  it('joins labels to the volume that covers the same place, and says so', () => {
    const made = describeAcquisition({ ...item, grid: grid(2, 6) }, [{ frameOfReference: 'F', grid: grid(0) }], about);
    expect(made.frameOfReference).toBe('F');
    expect(made.quality.map((flag) => flag.code)).toEqual(['frame.assumed']);
  });

  it('takes posture and time of the scan it shares coordinates with, unless it states its own', () => {
    const scan = { frameOfReference: 'F', grid: grid(0), posture: 'supine', takenAt: '2026-03-02' } as const;
    expect(describeAcquisition({ ...item, grid: grid(2, 6) }, [scan], about)).toMatchObject({
      posture: 'supine',
      takenAt: '2026-03-02',
    });
    expect(describeAcquisition({ ...item, frameOfReference: 'F', posture: 'prone' }, [scan], about)).toMatchObject({
      posture: 'prone',
      takenAt: '2026-03-02',
    });
    expect(describeAcquisition({ ...item, frameOfReference: 'G' }, [scan], about).posture).toBe('unknown');
  });

  it('opens a frame of its own when nothing covers it', () => {
    const made = describeAcquisition({ ...item, grid: grid(5) }, [{ frameOfReference: 'F', grid: grid(0) }], about);
    expect(made.frameOfReference).toBe('own:a1');
    expect(made.quality).toEqual([]);
  });

  it('leaves posture unknown rather than guessed', () => {
    expect(describeAcquisition(item, [], about).posture).toBe('unknown');
  });

  it('gathers recordings of one day, or of one batch where they state none, in a session', () => {
    const frameOf = (takenAt?: string, batch?: string) =>
      describeAcquisition({ ...item, modality: 'emg', takenAt }, [], { ...about, batch }).frameOfReference;
    expect(frameOf('2026-03-02T10:00:00Z', 'b1')).toBe(frameOf('2026-03-02T18:30:00Z', 'b2'));
    expect(frameOf('2026-03-02T10:00:00Z', 'b1')).not.toBe(frameOf('2026-03-03T10:00:00Z', 'b1'));
    expect(frameOf(undefined, 'b1')).toBe(frameOf(undefined, 'b1'));
    expect(frameOf(undefined, 'b1')).not.toBe(frameOf(undefined, 'b2'));
    expect(frameOf()).toBe('own:a1');
  });
});
