import { describe, expect, it } from 'vitest';
import type { SpineLandmarks } from '../../../model/index.ts';
import { columnShapes, extentOf, flatten } from './column-shapes.ts';

const area = Math.PI * 20 * 20;
const spine: SpineLandmarks = {
  frame: 'patient',
  points: [],
  planes: [
    { id: 'L5.a', centre: [0, 0, 100], normal: [0, 0, 1], rmsMm: 0, areaMm2: area, level: 'L5' },
    { id: 'L5.b', centre: [0, 0, 72], normal: [0, 0, -1], rmsMm: 0, areaMm2: area, level: 'L5' },
    { id: 'S1.a', centre: [0, 5, 60], normal: [0, -0.6, 0.8], rmsMm: 0, areaMm2: area, level: 'S1' },
  ],
  vertebrae: [
    { level: 'L5', centre: [0, 0, 86], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1] },
    { level: 'S1', centre: [0, 12, 45], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1] },
  ],
};

describe('columnShapes', () => {
  const shapes = columnShapes(spine, 'sagittal');

  it('draws bodies between their endplates and spaces between vertebrae', () => {
    expect(shapes.map(({ level }) => level)).toEqual(['L5', 'L5-S1', 'S1']);
    expect(shapes[0].outline.map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([
      [-20, -100],
      [20, -100],
      [20, -72],
      [-20, -72],
    ]);
  });

  it('draws the sacrum below its one endplate', () => {
    const sacrum = shapes[2].outline;
    expect(Math.min(...sacrum.slice(2).map(({ y }) => y))).toBeGreaterThan(Math.min(sacrum[0].y, sacrum[1].y));
  });

  it('knows anterior on the left from the side and the right of the patient on the left from the front', () => {
    expect(flatten([0, -10, 0], 'sagittal').x).toBe(-10);
    expect(flatten([-10, 0, 0], 'coronal').x).toBe(-10);
  });

  it('has room around', () => {
    const { x, width } = extentOf(shapes, 5);
    expect(x).toBeLessThanOrEqual(-25);
    expect(width).toBeGreaterThan(45);
  });
});
