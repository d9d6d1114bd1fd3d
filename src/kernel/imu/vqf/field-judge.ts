/**
 * Judges whether the magnetic field is the earth's: its norm and dip against a slowly following reference; a new homogeneous
 * field is accepted after some time of motion in it (Laidig & Seel 2023, section 5). O(1) a sample. See filter.ts for origin.
 */

import { gainOfTau, LowPass } from './low-pass.ts';
import type { VqfParameters } from './parameters.ts';

const RAD = Math.PI / 180;

/** The judge with its memory. */
export class FieldJudge {
  /** the field is not the reference's, or none is known yet */
  disturbed = true;
  /** norm of the reference field · unit of the samples; 0 before there is one */
  referenceNorm = 0;
  /** dip of the reference field, downward positive · rad */
  referenceDip = 0;
  private undisturbedS = 0;
  private candidateNorm = -1;
  private candidateDip = 0;
  private candidateS = 0;
  private readonly parameters: VqfParameters;
  private readonly stepS: number;
  private readonly follow: number;
  private readonly normDip = new Float64Array(2);
  private readonly lowPass: LowPass | undefined;

  constructor(parameters: VqfParameters, stepS: number) {
    this.parameters = parameters;
    this.stepS = stepS;
    this.follow = gainOfTau(parameters.magRefTauS, stepS);
    this.lowPass = parameters.magCurrentTauS > 0 ? new LowPass(2, parameters.magCurrentTauS, stepS) : undefined;
  }

  /** Forgets everything. */
  reset(): void {
    this.disturbed = true;
    this.referenceNorm = 0;
    this.referenceDip = 0;
    this.undisturbedS = 0;
    this.candidateNorm = -1;
    this.candidateDip = 0;
    this.candidateS = 0;
    this.lowPass?.reset();
  }

  /**
   * One sample.
   * @param field - magnetic field in an upright frame · shape [3]
   * @param gyrNorm - low-passed angular rate · rad/s
   */
  step(field: Float64Array, gyrNorm: number): void {
    const current = this.normDip;
    current[0] = Math.sqrt(field[0] * field[0] + field[1] * field[1] + field[2] * field[2]);
    current[1] = -Math.asin(field[2] / current[0]);
    this.lowPass?.step(current);
    this.compare(current[0], current[1]);
    this.consider(current[0], current[1], gyrNorm);
  }

  private near(norm: number, dip: number, otherNorm: number, otherDip: number): boolean {
    const { magNormShare, magDipDeg } = this.parameters;
    return Math.abs(norm - otherNorm) < magNormShare * otherNorm && Math.abs(dip - otherDip) < magDipDeg * RAD;
  }

  private compare(norm: number, dip: number): void {
    if (!this.near(norm, dip, this.referenceNorm, this.referenceDip)) {
      this.undisturbedS = 0;
      this.disturbed = true;
      return;
    }
    this.undisturbedS += this.stepS;
    if (this.undisturbedS < this.parameters.magUndisturbedS) return;
    this.disturbed = false;
    this.referenceNorm += this.follow * (norm - this.referenceNorm);
    this.referenceDip += this.follow * (dip - this.referenceDip);
  }

  private consider(norm: number, dip: number, gyrNorm: number): void {
    const { magNewGyrDegS, magNewS, magNewFirstS, magUndisturbedS } = this.parameters;
    if (!this.near(norm, dip, this.candidateNorm, this.candidateDip)) {
      this.candidateS = 0;
      this.candidateNorm = norm;
      this.candidateDip = dip;
      return;
    }
    if (gyrNorm >= magNewGyrDegS * RAD) this.candidateS += this.stepS;
    this.candidateNorm += this.follow * (norm - this.candidateNorm);
    this.candidateDip += this.follow * (dip - this.candidateDip);
    const enough = this.referenceNorm === 0 ? Math.min(magNewFirstS, magNewS) : magNewS;
    if (this.disturbed && this.candidateS >= enough) {
      this.referenceNorm = this.candidateNorm;
      this.referenceDip = this.candidateDip;
      this.disturbed = false;
      this.undisturbedS = magUndisturbedS;
    }
  }
}
