/** Rest: angular rate and acceleration near their own low-passed values for some time. O(1) a sample. See filter.ts for origin. */

import { LowPass } from './low-pass.ts';
import type { VqfParameters } from './parameters.ts';

const RAD = Math.PI / 180;

/** The detector with its memory. */
export class RestDetector {
  resting = false;
  /** low-passed angular rate · rad/s */
  readonly gyr = new Float64Array(3);
  private readonly acc = new Float64Array(3);
  private restS = 0;
  private readonly parameters: VqfParameters;
  private readonly accStepS: number;
  private readonly gyrLowPass: LowPass;
  private readonly accLowPass: LowPass;

  constructor(parameters: VqfParameters, gyrStepS: number, accStepS: number) {
    this.parameters = parameters;
    this.accStepS = accStepS;
    this.gyrLowPass = new LowPass(3, parameters.restTauS, gyrStepS);
    this.accLowPass = new LowPass(3, parameters.restTauS, accStepS);
  }

  /** Forgets everything. */
  reset(): void {
    this.resting = false;
    this.restS = 0;
    this.gyr.fill(0);
    this.acc.fill(0);
    this.gyrLowPass.reset();
    this.accLowPass.reset();
  }

  /** One angular rate at `gyr[at]` · rad/s. */
  stepGyr(gyr: Float64Array, at: number): void {
    const low = this.gyr;
    low[0] = gyr[at];
    low[1] = gyr[at + 1];
    low[2] = gyr[at + 2];
    this.gyrLowPass.step(low);
    const clip = this.parameters.biasClipDegS * RAD;
    const beyond = Math.abs(low[0]) > clip || Math.abs(low[1]) > clip || Math.abs(low[2]) > clip;
    if (beyond || squaredDistance(gyr, at, low) >= (this.parameters.restGyrDegS * RAD) ** 2) this.move();
  }

  /** One acceleration at `acc[at]` · m/s². */
  stepAcc(acc: Float64Array, at: number): void {
    const low = this.acc;
    low[0] = acc[at];
    low[1] = acc[at + 1];
    low[2] = acc[at + 2];
    this.accLowPass.step(low);
    if (squaredDistance(acc, at, low) >= this.parameters.restAccMs2 ** 2) {
      this.move();
      return;
    }
    this.restS += this.accStepS;
    if (this.restS >= this.parameters.restMinS) this.resting = true;
  }

  private move(): void {
    this.restS = 0;
    this.resting = false;
  }
}

function squaredDistance(a: Float64Array, at: number, b: Float64Array): number {
  const x = a[at] - b[0];
  const y = a[at + 1] - b[1];
  const z = a[at + 2] - b[2];
  return x * x + y * y + z * z;
}
