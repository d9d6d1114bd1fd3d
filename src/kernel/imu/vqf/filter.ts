/**
 * Versatile quaternion filter (Laidig & Seel 2023), sample by sample: strap-down integration, tilt from acceleration that was
 * low-passed in an almost inertial frame, heading from the field as one scalar, gyroscope bias at rest and in motion, magnetic
 * disturbance set aside. O(1) a sample.
 *
 * Ported from the MIT-licensed C++ source of its authors (see NOTICE.md) in float64 with the order of operations kept, so that
 * it differs from it by rounding alone.
 */

import { integrateAt, multiplyAt, rotateAt, turnHeadingAt, uprightAt } from '../rotate.ts';
import { FieldJudge } from './field-judge.ts';
import { GyroBias } from './gyro-bias.ts';
import { gainOfTau, LowPass } from './low-pass.ts';
import { VQF_DEFAULTS, type VqfParameters } from './parameters.ts';
import { RestDetector } from './rest-detector.ts';

/** Samples per second of the three sensors. */
export interface VqfRates {
  gyrHz: number;
  /** that of the gyroscope when absent */
  accHz?: number;
  magHz?: number;
}

/** The filter with its memory: feed each sensor when it speaks, ask for the orientation at any time. */
export class Vqf2023 {
  /** turn from the frame without heading to ENU, about the vertical · rad */
  headingRad = 0;
  readonly rest: RestDetector;
  readonly gyroBias: GyroBias;
  readonly field: FieldJudge;
  /** sensor to almost inertial frame */
  private readonly inertial = new Float64Array(4);
  /** almost inertial to upright frame */
  private readonly tilt = new Float64Array(4);
  /** sensor to upright frame: the product of the two, when it is known */
  private readonly upright = new Float64Array(4);
  private uprightKnown = false;
  private readonly accLow = new Float64Array(3);
  private readonly vector = new Float64Array(3);
  private readonly parameters: VqfParameters;
  private readonly gyrStepS: number;
  private readonly magStepS: number;
  private readonly magGain: number;
  private readonly accLowPass: LowPass;
  private openingGain = 1;
  private rejectedS = 0;

  /** @param rates - Hz @param parameters - departures from the published defaults */
  constructor(rates: VqfRates, parameters: Partial<VqfParameters> = {}) {
    const all = { ...VQF_DEFAULTS, ...parameters };
    this.parameters = all;
    this.gyrStepS = 1 / rates.gyrHz;
    const accStepS = 1 / (rates.accHz ?? rates.gyrHz);
    this.magStepS = 1 / (rates.magHz ?? rates.gyrHz);
    this.magGain = gainOfTau(all.tauMagS, this.magStepS);
    this.accLowPass = new LowPass(3, all.tauAccS, accStepS);
    this.rest = new RestDetector(all, this.gyrStepS, accStepS);
    this.gyroBias = new GyroBias(all, accStepS);
    this.field = new FieldJudge(all, this.magStepS);
    this.reset();
  }

  /** Forgets everything. */
  reset(): void {
    this.headingRad = 0;
    this.inertial.set([1, 0, 0, 0]);
    this.tilt.set([1, 0, 0, 0]);
    this.uprightKnown = false;
    this.accLow.fill(0);
    this.openingGain = 1;
    this.rejectedS = this.parameters.magRejectionS;
    this.accLowPass.reset();
    this.rest.reset();
    this.gyroBias.reset();
    this.field.reset();
  }

  /** One angular rate at `gyr[at]` · rad/s; `stepS` is the time since the last. */
  updateGyr(gyr: Float64Array, at = 0, stepS = this.gyrStepS): void {
    if (this.parameters.restBias || this.parameters.disturbanceRejection) this.rest.stepGyr(gyr, at);
    integrateAt(this.inertial, 0, gyr, at, this.gyroBias.bias, 0, stepS);
    this.uprightKnown = false;
  }

  /** One specific force at `acc[at]` · m/s²; passed over where it is missing or exactly zero. */
  updateAcc(acc: Float64Array, at = 0): void {
    const size = Math.abs(acc[at]) + Math.abs(acc[at + 1]) + Math.abs(acc[at + 2]);
    if (!(size > 0)) return;
    if (this.parameters.restBias) this.rest.stepAcc(acc, at);
    const { accLow, vector } = this;
    rotateAt(this.inertial, 0, acc, at, accLow);
    this.accLowPass.step(accLow);
    rotateAt(this.tilt, 0, accLow, 0, vector);
    const norm = Math.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
    if (norm >= Number.EPSILON) {
      vector[0] /= norm;
      vector[1] /= norm;
      vector[2] /= norm;
    }
    uprightAt(this.tilt, 0, vector);
    multiplyAt(this.tilt, 0, this.inertial, 0, this.upright, 0);
    this.uprightKnown = true;
    this.gyroBias.step(this.upright, vector, this.rest.resting, this.rest.gyr);
  }

  /** One field at `mag[at]` · any unit; passed over where it is missing or exactly zero. */
  updateMag(mag: Float64Array, at = 0): void {
    const size = Math.abs(mag[at]) + Math.abs(mag[at + 1]) + Math.abs(mag[at + 2]);
    if (!(size > 0)) return;
    const { vector } = this;
    const upright = this.standUp();
    rotateAt(upright, 0, mag, at, vector);
    if (this.parameters.disturbanceRejection) {
      const g = this.rest.gyr;
      this.field.step(vector, Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]));
    }
    this.correctHeading(Math.atan2(vector[0], vector[1]));
  }

  /** Orientation with relative heading, sensor to upright frame, into `out[at…at+3]`. */
  orientation6D(out: Float64Array, at = 0): void {
    const q = this.standUp();
    for (let k = 0; k < 4; k++) out[at + k] = q[k];
  }

  /** Orientation sensor to ENU into `out[at…at+3]`. */
  orientation9D(out: Float64Array, at = 0): void {
    turnHeadingAt(this.standUp(), 0, this.headingRad, out, at);
  }

  private standUp(): Float64Array {
    if (!this.uprightKnown) multiplyAt(this.tilt, 0, this.inertial, 0, this.upright, 0);
    this.uprightKnown = true;
    return this.upright;
  }

  private correctHeading(seenRad: number): void {
    const off = wrapOnce(seenRad - this.headingRad);
    let gain = this.parameters.disturbanceRejection ? this.rejectDisturbance() : this.magGain;
    if (this.openingGain !== 0) {
      // the first samples count 1, 1/2, 1/3 … so that the heading is right at once
      if (gain < this.openingGain) gain = this.openingGain;
      this.openingGain = this.openingGain / (this.openingGain + 1);
      if (this.openingGain * this.parameters.tauMagS < this.magStepS) this.openingGain = 0;
    }
    this.headingRad = wrapOnce(this.headingRad + gain * off);
  }

  private rejectDisturbance(): number {
    const { magRejectionS, magRejectionFactor } = this.parameters;
    if (!this.field.disturbed) {
      this.rejectedS = Math.max(this.rejectedS - magRejectionFactor * this.magStepS, 0);
      return this.magGain;
    }
    if (this.rejectedS > magRejectionS) return this.magGain / magRejectionFactor;
    this.rejectedS += this.magStepS;
    return 0;
  }
}

/** Brings an angle that is at most one turn off into [-π, π]. */
export function wrapOnce(rad: number): number {
  return rad > Math.PI ? rad - 2 * Math.PI : rad < -Math.PI ? rad + 2 * Math.PI : rad;
}
