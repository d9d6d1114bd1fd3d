/**
 * Gyroscope bias by a Kalman filter of three states: at rest from the low-passed angular rate, in motion from how much the tilt
 * has to be corrected again and again, seen through the low-passed rotation (Laidig & Seel 2023, section 4). O(1) a sample.
 *
 * Inside, covariance is in (0.01 deg/s)² so that its numbers stay near one; see filter.ts for origin and licence.
 */

import { LowPass } from './low-pass.ts';
import { largestRowSum3 } from './mat3-flat.ts';
import type { VqfParameters } from './parameters.ts';

const RAD = Math.PI / 180;
/** rad/s in one hundredth of a degree a second */
const UNIT = RAD / 100;

/** The estimator with its memory. */
export class GyroBias {
  /** the estimate · shape [3] · rad/s */
  readonly bias = new Float64Array(3);
  /** its covariance · shape [9] · (0.01 deg/s)² */
  readonly covariance = new Float64Array(9);
  private readonly atRest: boolean;
  private readonly inMotion: boolean;
  private readonly stepS: number;
  private readonly clip: number;
  private readonly startVariance: number;
  private readonly growth: number;
  private readonly restWeight: number;
  private readonly motionWeight: number;
  private readonly verticalWeight: number;
  private readonly rotationLowPass: LowPass;
  private readonly tiltLowPass: LowPass;
  private readonly rotation = new Float64Array(9);
  /** bias seen in the earth frame, x and y */
  private readonly seen = new Float64Array(2);
  private readonly error = new Float64Array(3);

  constructor(parameters: VqfParameters, stepS: number) {
    this.atRest = parameters.restBias;
    this.inMotion = parameters.motionBias;
    this.stepS = stepS;
    this.clip = parameters.biasClipDegS * RAD;
    this.startVariance = (parameters.biasSdInitDegS * 100) ** 2;
    this.growth = ((0.1 * 100) ** 2 * stepS) / parameters.biasForgettingS;
    const motion = (parameters.biasSdMotionDegS * 100) ** 2;
    const rest = (parameters.biasSdRestDegS * 100) ** 2;
    this.motionWeight = motion ** 2 / this.growth + motion;
    this.verticalWeight = this.motionWeight / Math.max(parameters.biasVerticalForgetting, 1e-10);
    this.restWeight = rest ** 2 / this.growth + rest;
    this.rotationLowPass = new LowPass(9, parameters.tauAccS, stepS);
    this.tiltLowPass = new LowPass(2, parameters.tauAccS, stepS);
    this.reset();
  }

  /** Forgets everything. */
  reset(): void {
    this.bias.fill(0);
    this.covariance.fill(0);
    for (let i = 0; i < 9; i += 4) this.covariance[i] = this.startVariance;
    this.rotationLowPass.reset();
    this.tiltLowPass.reset();
  }

  /** Upper bound of the standard deviation in any direction · rad/s */
  get sd(): number {
    return Math.sqrt(Math.min(largestRowSum3(this.covariance), this.startVariance)) * UNIT;
  }

  /**
   * One sample.
   * @param q - orientation without heading · `[w, x, y, z]`
   * @param up - direction of the low-passed acceleration before the tilt was corrected · unit vector, earth frame
   * @param resting - at rest now
   * @param restGyr - low-passed angular rate · rad/s
   */
  step(q: Float64Array, up: Float64Array, resting: boolean, restGyr: Float64Array): void {
    if (!this.atRest && !this.inMotion) return;
    this.follow(q);
    const { covariance: p, growth, startVariance } = this;
    for (let i = 0; i < 9; i += 4) if (p[i] < startVariance) p[i] += growth;
    if (resting && this.atRest) this.measureRest(restGyr);
    else if (this.inMotion) this.measureMotion(up);
  }

  /** Low-passes the rotation and the bias as the earth sees it. */
  private follow(q: Float64Array): void {
    const w = q[0];
    const x = q[1];
    const y = q[2];
    const z = q[3];
    const r = this.rotation;
    r[0] = 1 - 2 * y * y - 2 * z * z;
    r[1] = 2 * (y * x - w * z);
    r[2] = 2 * (w * y + z * x);
    r[3] = 2 * (w * z + y * x);
    r[4] = 1 - 2 * x * x - 2 * z * z;
    r[5] = 2 * (y * z - x * w);
    r[6] = 2 * (z * x - w * y);
    r[7] = 2 * (w * x + z * y);
    r[8] = 1 - 2 * x * x - 2 * y * y;
    const b = this.bias;
    this.seen[0] = r[0] * b[0] + r[1] * b[1] + r[2] * b[2];
    this.seen[1] = r[3] * b[0] + r[4] * b[1] + r[5] * b[2];
    this.rotationLowPass.step(r);
    this.tiltLowPass.step(this.seen);
  }

  private measureRest(restGyr: Float64Array): void {
    const { bias, error, rotation } = this;
    for (let i = 0; i < 3; i++) error[i] = restGyr[i] - bias[i];
    rotation.fill(0);
    rotation[0] = rotation[4] = rotation[8] = 1;
    this.update(this.restWeight, this.restWeight);
  }

  private measureMotion(up: Float64Array): void {
    const { bias: b, error, rotation: r, seen, stepS } = this;
    error[0] = -up[1] / stepS + seen[0] - r[0] * b[0] - r[1] * b[1] - r[2] * b[2];
    error[1] = up[0] / stepS + seen[1] - r[3] * b[0] - r[4] * b[1] - r[5] * b[2];
    error[2] = -r[6] * b[0] - r[7] * b[1] - r[8] * b[2];
    this.update(this.motionWeight, this.verticalWeight);
  }

  /**
   * Kalman update with S = R P Rᵀ + W, K = P Rᵀ S⁻¹, P ← P − K (P Rᵀ)ᵀ: two products fewer than the authors', the same to rounding.
   * P and S are symmetric, so six numbers of each are worked out; written out because loops over small arrays took 90 ns more.
   */
  private update(level: number, vertical: number): void {
    const { error: e, rotation: r, covariance: p, bias, clip } = this;
    const e0 = clamp(e[0], clip);
    const e1 = clamp(e[1], clip);
    const e2 = clamp(e[2], clip);
    const p0 = p[0];
    const p1 = p[1];
    const p2 = p[2];
    const p4 = p[4];
    const p5 = p[5];
    const p8 = p[8];
    // columns of P Rᵀ
    const a0 = p0 * r[0] + p1 * r[1] + p2 * r[2];
    const a1 = p1 * r[0] + p4 * r[1] + p5 * r[2];
    const a2 = p2 * r[0] + p5 * r[1] + p8 * r[2];
    const b0 = p0 * r[3] + p1 * r[4] + p2 * r[5];
    const b1 = p1 * r[3] + p4 * r[4] + p5 * r[5];
    const b2 = p2 * r[3] + p5 * r[4] + p8 * r[5];
    const c0 = p0 * r[6] + p1 * r[7] + p2 * r[8];
    const c1 = p1 * r[6] + p4 * r[7] + p5 * r[8];
    const c2 = p2 * r[6] + p5 * r[7] + p8 * r[8];
    const s00 = r[0] * a0 + r[1] * a1 + r[2] * a2 + level;
    const s01 = r[0] * b0 + r[1] * b1 + r[2] * b2;
    const s02 = r[0] * c0 + r[1] * c1 + r[2] * c2;
    const s11 = r[3] * b0 + r[4] * b1 + r[5] * b2 + level;
    const s12 = r[3] * c0 + r[4] * c1 + r[5] * c2;
    const s22 = r[6] * c0 + r[7] * c1 + r[8] * c2 + vertical;
    // S⁻¹ by cofactors
    const m00 = s11 * s22 - s12 * s12;
    const m01 = s02 * s12 - s01 * s22;
    const m02 = s01 * s12 - s02 * s11;
    const m11 = s00 * s22 - s02 * s02;
    const m12 = s01 * s02 - s00 * s12;
    const m22 = s00 * s11 - s01 * s01;
    const scale = 1 / (s00 * m00 + s01 * m01 + s02 * m02);
    const k00 = (a0 * m00 + b0 * m01 + c0 * m02) * scale;
    const k01 = (a0 * m01 + b0 * m11 + c0 * m12) * scale;
    const k02 = (a0 * m02 + b0 * m12 + c0 * m22) * scale;
    const k10 = (a1 * m00 + b1 * m01 + c1 * m02) * scale;
    const k11 = (a1 * m01 + b1 * m11 + c1 * m12) * scale;
    const k12 = (a1 * m02 + b1 * m12 + c1 * m22) * scale;
    const k20 = (a2 * m00 + b2 * m01 + c2 * m02) * scale;
    const k21 = (a2 * m01 + b2 * m11 + c2 * m12) * scale;
    const k22 = (a2 * m02 + b2 * m12 + c2 * m22) * scale;
    bias[0] = clamp(bias[0] + k00 * e0 + k01 * e1 + k02 * e2, clip);
    bias[1] = clamp(bias[1] + k10 * e0 + k11 * e1 + k12 * e2, clip);
    bias[2] = clamp(bias[2] + k20 * e0 + k21 * e1 + k22 * e2, clip);
    p[0] = p0 - (k00 * a0 + k01 * b0 + k02 * c0);
    p[1] = p[3] = p1 - (k00 * a1 + k01 * b1 + k02 * c1);
    p[2] = p[6] = p2 - (k00 * a2 + k01 * b2 + k02 * c2);
    p[4] = p4 - (k10 * a1 + k11 * b1 + k12 * c1);
    p[5] = p[7] = p5 - (k10 * a2 + k11 * b2 + k12 * c2);
    p[8] = p8 - (k20 * a2 + k21 * b2 + k22 * c2);
  }
}

function clamp(value: number, limit: number): number {
  return value < -limit ? -limit : value > limit ? limit : value;
}
