/**
 * Gyroscope bias by a Kalman filter of three states: at rest from the low-passed angular rate, in motion from how much the tilt
 * has to be corrected again and again, seen through the low-passed rotation (Laidig & Seel 2023, section 4). O(1) a sample.
 *
 * Inside, covariance is in (0.01 deg/s)² so that its numbers stay near one; see filter.ts for origin and licence.
 */

import { LowPass } from './low-pass.ts';
import { invertFlat3, largestRowSum3, multiplyByTransposedFlat3, multiplyFlat3 } from './mat3-flat.ts';
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
  private readonly gain = new Float64Array(9);
  private readonly crossed = new Float64Array(9);
  private readonly spare = new Float64Array(9);

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

  private update(level: number, vertical: number): void {
    const { error: e, rotation, covariance: p, gain: k, crossed, spare, bias, clip } = this;
    for (let i = 0; i < 3; i++) e[i] = e[i] < -clip ? -clip : e[i] > clip ? clip : e[i];
    // S = R P Rᵀ + W, K = P Rᵀ S⁻¹, P ← P − K (P Rᵀ)ᵀ: two products fewer than as written by the authors, same to rounding
    multiplyByTransposedFlat3(p, rotation, crossed);
    multiplyFlat3(rotation, crossed, spare);
    spare[0] += level;
    spare[4] += level;
    spare[8] += vertical;
    invertFlat3(spare, 0, spare, 0);
    multiplyFlat3(crossed, spare, k);
    for (let i = 0; i < 3; i++) bias[i] += k[3 * i] * e[0] + k[3 * i + 1] * e[1] + k[3 * i + 2] * e[2];
    multiplyByTransposedFlat3(k, crossed, spare);
    for (let i = 0; i < 9; i++) p[i] -= spare[i];
    for (let i = 0; i < 3; i++) bias[i] = bias[i] < -clip ? -clip : bias[i] > clip ? clip : bias[i];
  }
}
