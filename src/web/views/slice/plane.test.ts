import { describe, expect, it } from 'vitest';
import type { Grid } from '../../../model/index.ts';
import {
  extent,
  fitScale,
  PLANES,
  pixelToWorld,
  type SliceFrame,
  scaleBarMm,
  sliceIndex,
  slicePlace,
  sliceSteps,
  worldToPixel,
} from './plane.ts';

const grid: Grid = {
  size: [100, 80, 60],
  spacing: [0.8, 0.8, 2],
  origin: [-40, -30, 500],
  // k runs downwards, as feet-first series do
  direction: [1, 0, 0, 0, 1, 0, 0, 0, -1],
};

describe('planes', () => {
  it('show the right of the patient on the left of the screen', () => {
    for (const plane of ['axial', 'coronal'] as const) {
      const frame: SliceFrame = { plane, centre: [0, 0, 0], mmPerPixel: 1, width: 200, height: 200 };
      // LPS: x grows to the patient's left
      expect(worldToPixel(frame, [-50, 0, 0]).x).toBe(50);
      expect(PLANES[plane].letters.left).toBe('R');
    }
  });

  it('put anterior up in axial and superior up in the others', () => {
    const at = (plane: 'axial' | 'sagittal' | 'coronal', p: [number, number, number]) =>
      worldToPixel({ plane, centre: [0, 0, 0], mmPerPixel: 1, width: 0, height: 0 }, p);
    expect(at('axial', [0, -10, 0]).y).toBe(-10);
    expect(at('sagittal', [0, 0, 10]).y).toBe(-10);
    expect(at('coronal', [0, 0, 10]).y).toBe(-10);
    expect(at('sagittal', [0, -10, 0]).x).toBe(-10);
  });

  it('go to the patient and back', () => {
    const frame: SliceFrame = { plane: 'sagittal', centre: [3, -20, 410], mmPerPixel: 0.37, width: 321, height: 207 };
    const world = pixelToWorld(frame, 12.5, 190);
    const back = worldToPixel(frame, world);
    expect(back.x).toBeCloseTo(12.5, 9);
    expect(back.y).toBeCloseTo(190, 9);
    expect(back.depth).toBeCloseTo(0, 9);
  });

  it('step by the slices of the series, whichever way it runs', () => {
    const steps = sliceSteps(grid, 'axial');
    expect(steps).toEqual({ step: 2, start: 382, count: 60 });
    expect(sliceIndex(steps, 500)).toBe(59);
    expect(slicePlace(steps, 3)).toBe(388);
    expect(sliceSteps(grid, 'sagittal').count).toBe(100);
  });

  it('step by the finest spacing of a tilted grid', () => {
    const c = Math.cos(0.3);
    const s = Math.sin(0.3);
    const tilted: Grid = { ...grid, direction: [1, 0, 0, 0, c, -s, 0, s, c] };
    const steps = sliceSteps(tilted, 'axial');
    const [low, high] = extent(tilted, 2);
    expect(steps.start).toBe(low);
    expect(slicePlace(steps, steps.count - 1)).toBeLessThanOrEqual(high + 1e-9);
  });

  it('fit the whole grid', () => {
    const scale = fitScale(grid, 'coronal', 300, 300);
    expect(scale).toBeCloseTo((59 * 2 + 2) / 300, 9);
  });

  it('draw round scale bars', () => {
    expect(scaleBarMm(0.5)).toBe(20);
    expect(scaleBarMm(1.3)).toBe(100);
    expect(scaleBarMm(0.11)).toBe(5);
  });
});
