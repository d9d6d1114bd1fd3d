/** Where a NIfTI grid lies: sform and qform, compared; from the file's RAS to our LPS. */

import type { Grid, QualityFlag, Size3 } from '../../model/index.ts';
import { isMsdtError } from '../../model/index.ts';
import { type Affine, cornerDistance, gridFromAffine, shortDecimal } from '../grid-matrix.ts';
import type { NiftiHeader } from './header.ts';

/** Corner distance between sform and qform above which a doubt is raised · mm */
const DISAGREE_MM = 0.1;

/** Which matrix of the header a grid was taken from. */
export type NiftiForm = 'sform' | 'qform' | 'none';

/**
 * The grid of a header: the sform when its code is set, else the qform, unless the user chose.
 * @throws MsdtError `geometry.degenerate` when no matrix is usable
 */
export function gridOfHeader(
  header: NiftiHeader,
  file: string,
  use?: 'sform' | 'qform',
): { grid: Grid; form: NiftiForm; flags: QualityFlag[]; affine: Affine } {
  const [ni, nj = 1, nk = 1] = header.dim;
  const size: Size3 = [ni, nj, nk];
  const scale = unitScale(header.units & 7);
  const candidates: Partial<Record<NiftiForm, Affine>> = {};
  if (header.sformCode > 0) candidates.sform = toLps(header.sform.map(shortDecimal), scale);
  if (header.qformCode > 0) candidates.qform = toLps(qformAffine(header), scale);
  if (!candidates.sform && !candidates.qform) candidates.none = toLps(plainAffine(header), scale);
  const order: NiftiForm[] = use === 'qform' ? ['qform', 'sform', 'none'] : ['sform', 'qform', 'none'];
  const usable = order.filter((form) => candidates[form]);
  const [form, other] = usable;
  const flags: QualityFlag[] = [];
  const hint = other
    ? `Read it again with the choice use = ${other}, or resample it to a rectangular grid.`
    : undefined;
  const at = { file, place: `header ${form}`, hint };
  const affine = candidates[form] as Affine;
  try {
    const found = gridFromAffine(affine, size, at);
    flags.push(...found.flags);
    if (other) flags.push(...disagreement(found.grid, candidates[other] as Affine, form, other));
    if (form === 'none') flags.push(noOrientation());
    return { grid: found.grid, form, flags, affine };
  } catch (error) {
    // a matrix of zeros under a set code: the other one is what was meant
    if (use || !other || !isMsdtError(error, 'geometry.degenerate') || !isEmpty(affine)) throw error;
    const second = gridFromAffine(candidates[other] as Affine, size, { file, place: `header ${other}` });
    const message = `The ${form} of the header is empty, so the ${other} was used.`;
    flags.push({ code: 'nifti.empty-form', severity: 'info', where: form, message }, ...second.flags);
    return { grid: second.grid, form: other, flags, affine: candidates[other] as Affine };
  }
}

/** Affine of the quaternion form (RAS), as the standard defines it. */
function qformAffine(header: NiftiHeader): number[] {
  const [b, c, d, x, y, z] = header.qform;
  const square = 1 - (b * b + c * c + d * d);
  const length = Math.hypot(b, c, d);
  const [qb, qc, qd, a] = square < 1e-7 ? [b / length, c / length, d / length, 0] : [b, c, d, Math.sqrt(square)];
  const [si, sj, s3] = spacingOf(header);
  const sk = header.pixdim[0] < 0 ? -s3 : s3;
  return [
    (a * a + qb * qb - qc * qc - qd * qd) * si,
    2 * (qb * qc - a * qd) * sj,
    2 * (qb * qd + a * qc) * sk,
    shortDecimal(x),
    2 * (qb * qc + a * qd) * si,
    (a * a + qc * qc - qb * qb - qd * qd) * sj,
    2 * (qc * qd - a * qb) * sk,
    shortDecimal(y),
    2 * (qb * qd - a * qc) * si,
    2 * (qc * qd + a * qb) * sj,
    (a * a + qd * qd - qc * qc - qb * qb) * sk,
    shortDecimal(z),
  ];
}

/** Spacing alone, index axes taken as right, anterior, superior: the standard's method 1. */
function plainAffine(header: NiftiHeader): number[] {
  const [si, sj, sk] = spacingOf(header);
  return [si, 0, 0, 0, 0, sj, 0, 0, 0, 0, sk, 0];
}

/** Spacings of the header; 1 for an axis that is not used. */
function spacingOf(header: NiftiHeader): number[] {
  return [1, 2, 3].map((axis) => {
    const value = Math.abs(shortDecimal(header.pixdim[axis]));
    return header.dim.length >= axis || value > 0 ? value : 1;
  });
}

/** RAS in the file's unit to LPS in mm: x and y change sign. */
function toLps(ras: readonly number[], scale: number): number[] {
  return ras.map((value, index) => (index < 8 ? -value : value) * scale + 0);
}

/** Millimetres of the file's length unit; unknown is taken as mm. */
function unitScale(code: number): number {
  return code === 1 ? 1000 : code === 3 ? 0.001 : 1;
}

function isEmpty(affine: Affine): boolean {
  return [0, 1, 2].some((axis) => affine[axis] === 0 && affine[4 + axis] === 0 && affine[8 + axis] === 0);
}

function disagreement(grid: Grid, other: Affine, form: NiftiForm, otherForm: NiftiForm): QualityFlag[] {
  const apart = cornerDistance(grid, other);
  if (apart <= DISAGREE_MM) return [];
  const by = Number.isFinite(apart) ? `by up to ${apart.toFixed(1)} mm` : `(the ${otherForm} is not a number)`;
  const message = `The two positions in the header disagree ${by}; the ${form} was used. Read it again with the choice use = ${otherForm} if left, right or height look wrong.`;
  return [{ code: 'nifti.forms-disagree', severity: 'doubt', where: `${form} and ${otherForm}`, message }];
}

function noOrientation(): QualityFlag {
  return {
    code: 'nifti.no-orientation',
    severity: 'fault',
    where: 'header sform and qform',
    message:
      'The file does not say where left, front and head are; index axes were taken as right, anterior, superior. Do not trust sides until they are confirmed.',
  };
}
