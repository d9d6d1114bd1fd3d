/**
 * Heights of an endplate where they are asked for. A polynomial runs wild beyond the places it was fitted to; there the plate goes on
 * with the slope of its plane. O(steps).
 */

import type { Endplate } from './endplate.ts';
import { cellAt } from './footprint.ts';
import { monomials, surfaceAt } from './surface.ts';

/** The place itself, or the nearest one towards the middle where the surface was fitted · u, v · mm. */
export function trustedPlace(plate: Endplate, u: number, v: number): readonly [number, number] {
  if (plate.surface.degree === 1) return [u, v];
  const { footprint } = plate;
  const [cu, cv] = footprint.centre;
  for (let share = 1; share > 0; share -= 0.04) {
    const [pu, pv] = [cu + share * (u - cu), cv + share * (v - cv)];
    const cell = cellAt(footprint, pu, pv);
    if (cell >= 0 && footprint.depth[cell] > 0.5 * footprint.cell) return [pu, pv];
  }
  return [cu, cv];
}

/** Height of an endplate's surface · mm in the plate's frame. */
export function plateHeight(plate: Endplate, u: number, v: number): number {
  const [cu, cv] = trustedPlace(plate, u, v);
  return surfaceAt(plate.surface, cu, cv) + plate.plane.slopeU * (u - cu) + plate.plane.slopeV * (v - cv);
}

/** Variance of {@link plateHeight} · mm². */
export function plateVariance(plate: Endplate, u: number, v: number): number {
  const { surface, covariance } = plate;
  const n = surface.terms.length;
  const row = new Float64Array(n);
  const [cu, cv] = trustedPlace(plate, u, v);
  monomials((cu - surface.u0) / surface.scale, (cv - surface.v0) / surface.scale, surface.degree, row);
  let sum = 0;
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) sum += row[a] * covariance[a * n + b] * row[b];
  return Math.max(0, sum);
}

/** Height of an endplate's plane, anywhere · mm in the plate's frame. */
export function planeHeight(plate: Endplate, u: number, v: number): number {
  const { offset, slopeU, slopeV, centreU, centreV } = plate.plane;
  return offset + slopeU * (u - centreU) + slopeV * (v - centreV);
}
