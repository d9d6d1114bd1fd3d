import { describe, expect, it } from 'vitest';
import type { WireFeature, WireFeatureDefinition } from '../../contract/index.ts';
import type { SpineLandmarks } from '../../model/index.ts';
import { evidenceOverlay, levelCentre, levelOverlay, planeOfFeature } from './overlay.ts';

const spine: SpineLandmarks = {
  frame: 'patient',
  points: [
    { id: 'L4.superiorEndplate.anterior', xyz: [0, -20, 110], level: 'L4' },
    { id: 'L4.inferiorEndplate.anterior', xyz: [0, -20, 83], level: 'L4' },
  ],
  planes: [
    {
      id: 'L4.superiorEndplate',
      centre: [0, 0, 110],
      normal: [0, 0, 1],
      rmsMm: 0.4,
      areaMm2: Math.PI * 400,
      level: 'L4',
    },
    {
      id: 'L4.inferiorEndplate',
      centre: [0, 0, 83],
      normal: [0, 0.2, -0.98],
      rmsMm: 0.4,
      areaMm2: Math.PI * 400,
      level: 'L4',
    },
    {
      id: 'L5.superiorEndplate',
      centre: [0, 2, 72],
      normal: [0, -0.2, 0.98],
      rmsMm: 0.4,
      areaMm2: Math.PI * 400,
      level: 'L5',
    },
  ],
  vertebrae: [
    { level: 'L4', centre: [0, 0, 96], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1] },
    { level: 'L5', centre: [0, 3, 60], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1] },
  ],
};

function feature(unit: string, landmarks: string[]): WireFeature {
  return {
    id: 'f',
    definition: 'd',
    value: 12.34,
    unit,
    uncertainty: { kind: 'interval', low: 11, high: 13, sd: 0.5, method: '' },
    quality: 1,
    method: '',
    run: '',
    capability: '',
    version: 1,
    knownAt: '',
    evidence: [{ artifact: 'a', locator: { landmarks } }],
    synthetic: false,
  };
}

const lordosis = {
  id: 'spine.lumbarLordosis',
  name: 'Lumbar lordosis',
  definition: 'Angle in the sagittal plane',
} as WireFeatureDefinition;

describe('evidence', () => {
  it('draws an angle by the traces of its endplates, in the plane it is measured in', () => {
    const overlay = evidenceOverlay(feature('deg', ['L4.superiorEndplate', 'L5.superiorEndplate']), lordosis, spine);
    expect(overlay.plane).toBe('sagittal');
    expect(overlay.items.filter(({ type }) => type === 'patch')).toHaveLength(2);
    const lines = overlay.items.filter((item) => item.type === 'line');
    expect(lines).toHaveLength(2);
    // a trace lies in the viewing plane
    for (const { from, to } of lines) expect(from[0]).toBeCloseTo(to[0], 9);
    expect(lines[0].label).toBe('12.3°');
    expect(overlay.focus?.at[2]).toBeCloseTo(91, 9);
  });

  it('draws a height from point to point', () => {
    const ids = ['L4.superiorEndplate.anterior', 'L4.inferiorEndplate.anterior'];
    const overlay = evidenceOverlay(feature('mm', ids), undefined, spine);
    const line = overlay.items.find((item) => item.type === 'line');
    expect(line).toMatchObject({ from: [0, -20, 110], to: [0, -20, 83], label: '12.3\u202fmm' });
  });

  it('still says where to look when nothing can be drawn', () => {
    const overlay = evidenceOverlay({ ...feature('mm', ['unknown']), level: 'L4-L5' }, undefined, spine);
    expect(overlay.items).toEqual([]);
    expect(overlay.focus?.at).toEqual([0, 1.5, 78]);
  });
});

describe('levels', () => {
  it('show both endplates of a vertebra and the facing ones of a space', () => {
    expect(levelOverlay('L4', spine).items).toHaveLength(2);
    const space = levelOverlay('L4-L5', spine).items.map((item) => (item.type === 'patch' ? item.centre[2] : 0));
    expect(space).toEqual([83, 72]);
    expect(levelCentre('T1', spine)).toBeUndefined();
  });
});

describe('planeOfFeature', () => {
  it('reads the plane from the definition', () => {
    expect(planeOfFeature({ id: 'spine.cobbAngle', definition: 'Largest angle between endplates' })).toBe('coronal');
    expect(planeOfFeature({ id: 'vertebra.axialRotation', definition: 'Turn of the vertebra' })).toBe('axial');
    expect(planeOfFeature(undefined)).toBe('sagittal');
  });
});
