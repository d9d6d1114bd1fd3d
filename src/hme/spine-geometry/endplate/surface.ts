/** A height field w = f(u, v) as a polynomial of low degree over an endplate. Closed form, O(terms) a point. */

/** Polynomial surface in a local frame: u, v, w in mm. */
export interface Surface {
  degree: number;
  /** coefficients of the monomials of (u - u0)/scale, (v - v0)/scale by rising degree · mm */
  terms: Float64Array;
  u0: number;
  v0: number;
  scale: number;
}

/**
 * Number of terms of a degree.
 * @example termCount(2) // 6
 */
export function termCount(degree: number): number {
  return ((degree + 1) * (degree + 2)) / 2;
}

/** Writes the monomials at a place into `out` from `offset`: 1, s, t, s², st, t², … */
export function monomials(s: number, t: number, degree: number, out: Float64Array, offset = 0): void {
  out[offset] = 1;
  let from = offset;
  let at = offset + 1;
  for (let d = 1; d <= degree; d++) {
    const next = at;
    for (let a = 0; a < d; a++) out[at++] = out[from + a] * s;
    out[at++] = out[from + d - 1] * t;
    from = next;
  }
}

const scratch = new Float64Array(15);

/** Height of the surface · mm. */
export function surfaceAt(surface: Surface, u: number, v: number): number {
  const { terms, degree, scale } = surface;
  const s = (u - surface.u0) / scale;
  const t = (v - surface.v0) / scale;
  if (degree === 1) return terms[0] + terms[1] * s + terms[2] * t;
  monomials(s, t, degree, scratch);
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += terms[i] * scratch[i];
  return sum;
}

/** Slopes ∂w/∂u and ∂w/∂v. */
export function surfaceSlopes(surface: Surface, u: number, v: number): readonly [number, number] {
  const { terms, degree, scale } = surface;
  if (degree === 1) return [terms[1] / scale, terms[2] / scale];
  const s = (u - surface.u0) / scale;
  const t = (v - surface.v0) / scale;
  let [ds, dt] = [0, 0];
  let at = 1;
  for (let d = 1; d <= degree; d++) {
    for (let b = 0; b <= d; b++, at++) {
      const a = d - b;
      if (a > 0) ds += terms[at] * a * s ** (a - 1) * t ** b;
      if (b > 0) dt += terms[at] * b * s ** a * t ** (b - 1);
    }
  }
  return [ds / scale, dt / scale];
}
