import { describe, expect, it } from 'vitest';
import { worldToPixel } from './plane.ts';
import { frameOf, lookingAt, panned, type SliceCamera, zoomed } from './slice-camera.ts';

const camera: SliceCamera = { centre: [10, 20, 30], mmPerPixel: 0.5 };

describe('slice camera', () => {
  it('takes its depth from the crosshair', () => {
    expect(frameOf(camera, 'axial', [0, 0, 77], 100, 100).centre).toEqual([10, 20, 77]);
    expect(frameOf(camera, 'sagittal', [5, 0, 0], 100, 100).centre).toEqual([5, 20, 30]);
  });

  it('pans with the hand', () => {
    const frame = frameOf(camera, 'coronal', undefined, 200, 100);
    const before = worldToPixel(frame, [12, 20, 31]);
    const after = worldToPixel(
      frameOf(panned(camera, 'coronal', 30, -12), 'coronal', undefined, 200, 100),
      [12, 20, 31],
    );
    expect(after.x - before.x).toBeCloseTo(30, 9);
    expect(after.y - before.y).toBeCloseTo(-12, 9);
  });

  it('zooms about the cursor', () => {
    const frame = frameOf(camera, 'axial', [0, 0, 30], 200, 100);
    const closer = zoomed(camera, frame, 150, 20, 2);
    expect(closer.mmPerPixel).toBe(0.25);
    const still = worldToPixel(frameOf(closer, 'axial', [0, 0, 30], 200, 100), [35, 5, 30]);
    expect(still.x).toBeCloseTo(150, 9);
    expect(still.y).toBeCloseTo(20, 9);
  });

  it('moves only when what is looked for is out of sight', () => {
    const frame = frameOf(camera, 'axial', undefined, 400, 400);
    expect(lookingAt(camera, frame, [12, 25, 30], 40, false)).toBe(camera);
    expect(lookingAt(camera, frame, [300, 25, 30], 40, false).centre).toEqual([300, 25, 30]);
    expect(lookingAt(camera, frame, [12, 25, 30], 150, false).mmPerPixel).toBeCloseTo(0.75, 9);
    // nobody has set the zoom yet: come close
    expect(lookingAt(camera, frame, [12, 25, 30], 20, true).mmPerPixel).toBeCloseTo(0.125, 9);
  });
});
