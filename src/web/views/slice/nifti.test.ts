import { describe, expect, it } from 'vitest';
import { isMsdtError } from '../../../model/index.ts';
import { readLabelNote, readNiftiHead } from './nifti.ts';

function head(change: (view: DataView) => void = () => {}): ArrayBuffer {
  const buffer = new ArrayBuffer(352);
  const view = new DataView(buffer);
  view.setInt32(0, 348, true);
  for (const [i, n] of [3, 4, 5, 6].entries()) view.setInt16(40 + 2 * i, n, true);
  view.setInt16(70, 4, true);
  view.setFloat32(108, 352, true);
  view.setInt16(254, 1, true);
  // RAS: x to the left of the screen, so the first row is negative for a voxel axis that runs to the patient's left
  for (const [i, x] of [-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 3, -30].entries()) view.setFloat32(280 + 4 * i, x, true);
  change(view);
  return buffer;
}

describe('readNiftiHead', () => {
  it('turns RAS into LPS', () => {
    const { grid, slope, intercept } = readNiftiHead(head(), 'ct.nii');
    expect(grid.size).toEqual([4, 5, 6]);
    expect(grid.spacing).toEqual([2, 2, 3]);
    expect(grid.origin).toEqual([-10, -20, -30]);
    expect(grid.direction.map((x) => x + 0)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([slope, intercept]).toEqual([1, 0]);
  });

  it('keeps slope and intercept where they are given', () => {
    const { slope, intercept } = readNiftiHead(
      head((view) => {
        view.setFloat32(112, 0.5, true);
        view.setFloat32(116, -1024, true);
      }),
      'ct.nii',
    );
    expect([slope, intercept]).toEqual([0.5, -1024]);
  });

  it('says which file and where when the bytes are foreign', () => {
    for (const bytes of [new ArrayBuffer(10), new ArrayBuffer(400), head((view) => view.setInt16(70, 1792, true))]) {
      try {
        readNiftiHead(bytes, 'ct.nii');
        expect.unreachable();
      } catch (error) {
        expect(isMsdtError(error, 'file.malformed')).toBe(true);
      }
    }
  });
});

describe('readLabelNote', () => {
  it('finds the names in a JSON extension', () => {
    const note = new TextEncoder().encode(JSON.stringify([{ value: 3, name: 'vertebrae_L4', level: 'L4' }]));
    const size = Math.ceil((note.length + 8) / 16) * 16;
    const bytes = new Uint8Array(352 + size);
    bytes.set(new Uint8Array(head()));
    bytes[348] = 1;
    new DataView(bytes.buffer).setInt32(352, size, true);
    new DataView(bytes.buffer).setInt32(356, 6, true);
    bytes.set(note, 360);
    expect(readLabelNote(bytes.buffer, 352 + size)).toEqual([{ value: 3, name: 'vertebrae_L4', level: 'L4' }]);
    expect(readLabelNote(head(), 352)).toEqual([]);
  });
});
