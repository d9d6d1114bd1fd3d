/**
 * Where the couch lies in two real scans, read by hand from the grey levels and independent of any segmentation.
 *
 * ct-torso: for a column of voxels (i) the median over all slices of its values below −700 HU shows the mattress foam as a plateau at
 * −950 HU; `top` is the last voxel, going up, within 10 HU of that. Everything at or below it (mattress, tabletop, rails) is couch.
 * Cloth that lies on the mattress is not part of the mark.
 *
 * ct-chest-lidc: the tabletop is a shell of the same shape in all slices; `top` is the first row (j, counted from the front) of it, where
 * nine tenths of the slices are denser than −400 HU. Everything at or behind it is couch. The mattress above, into which the body sinks,
 * is not part of the mark.
 */

/** One mark: the couch's first voxel along j at column i. */
export interface CouchMark {
  /** pairs of column i and row j, voxel indices of the file */
  top: readonly (readonly [i: number, j: number])[];
  /** the couch lies on this side of the marked row */
  side: 'low' | 'high';
}

export const TORSO_COUCH: CouchMark = {
  side: 'low',
  top: [
    [1, 17],
    [5, 15],
    [10, 12],
    [15, 10],
    [20, 8],
    [25, 6],
    [30, 5],
    [40, 3],
    [50, 2],
    [61, 1],
    [72, 2],
    [82, 4],
    [92, 7],
    [97, 8],
    [102, 10],
    [107, 13],
    [112, 15],
    [117, 17],
    [120, 18],
  ],
};

export const LIDC_COUCH: CouchMark = {
  side: 'high',
  top: [
    [8, 404],
    [40, 419],
    [72, 436],
    [104, 445],
    [136, 448],
    [168, 454],
    [200, 458],
    [232, 460],
    [264, 460],
    [296, 458],
    [328, 455],
    [360, 450],
    [392, 443],
    [424, 434],
    [456, 423],
    [488, 416],
    [504, 403],
  ],
};

/** True when voxel (i, j) of any slice is couch; between marked columns the row is interpolated towards the couch. */
export function isCouch({ top, side }: CouchMark, i: number, j: number): boolean {
  const column = Math.min(top[top.length - 1][0], Math.max(top[0][0], i));
  const right = Math.max(
    1,
    top.findIndex(([at]) => at >= column),
  );
  const [x0, y0] = top[right - 1];
  const [x1, y1] = top[right];
  const row = y0 + ((y1 - y0) * (column - x0)) / (x1 - x0);
  return side === 'low' ? j <= Math.floor(row) : j >= Math.ceil(row);
}
