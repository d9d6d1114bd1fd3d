/** Parameters of the versatile quaternion filter; defaults are those published by Laidig & Seel 2023. */

/** What can be tuned; the defaults suit sensors on people and need no change from trial to trial. */
export interface VqfParameters {
  /** time constant of the accelerometer's low-pass · s */
  tauAccS: number;
  /** time constant of the heading correction · s */
  tauMagS: number;
  /** bias from the tilt corrections while it moves */
  motionBias: boolean;
  /** bias while it rests */
  restBias: boolean;
  /** looks for magnetic disturbance and then leaves the heading to the gyroscope */
  disturbanceRejection: boolean;
  /** standard deviation of the bias at the start · deg/s */
  biasSdInitDegS: number;
  /** time in which the sd of the bias grows from 0 to 0.1 deg/s without a measurement · s */
  biasForgettingS: number;
  /** no bias is believed beyond this · deg/s */
  biasClipDegS: number;
  /** sd to which the bias converges in motion · deg/s */
  biasSdMotionDegS: number;
  /** how slowly the bias about the vertical is forgotten in motion · share */
  biasVerticalForgetting: number;
  /** sd to which the bias converges at rest · deg/s */
  biasSdRestDegS: number;
  /** rest is believed after · s */
  restMinS: number;
  /** low-pass against which rest is judged · s */
  restTauS: number;
  /** departure from the low-passed angular rate at rest · deg/s */
  restGyrDegS: number;
  /** departure from the low-passed acceleration at rest · m/s² */
  restAccMs2: number;
  /** smoothing of field norm and dip · s; 0 or less for none */
  magCurrentTauS: number;
  /** how slowly the reference field follows · s */
  magRefTauS: number;
  /** allowed departure from the reference norm · share */
  magNormShare: number;
  /** allowed departure from the reference dip · deg */
  magDipDeg: number;
  /** a new homogeneous field is accepted after · s of motion */
  magNewS: number;
  /** the same for the first field · s */
  magNewFirstS: number;
  /** motion needed for it · deg/s */
  magNewGyrDegS: number;
  /** the field counts as undisturbed after · s */
  magUndisturbedS: number;
  /** longest time without heading correction · s */
  magRejectionS: number;
  /** how much weaker the correction is after that time */
  magRejectionFactor: number;
}

/** The published defaults. */
export const VQF_DEFAULTS: Readonly<VqfParameters> = {
  tauAccS: 3,
  tauMagS: 9,
  motionBias: true,
  restBias: true,
  disturbanceRejection: true,
  biasSdInitDegS: 0.5,
  biasForgettingS: 100,
  biasClipDegS: 2,
  biasSdMotionDegS: 0.1,
  biasVerticalForgetting: 0.0001,
  biasSdRestDegS: 0.03,
  restMinS: 1.5,
  restTauS: 0.5,
  restGyrDegS: 2,
  restAccMs2: 0.5,
  magCurrentTauS: 0.05,
  magRefTauS: 20,
  magNormShare: 0.1,
  magDipDeg: 10,
  magNewS: 20,
  magNewFirstS: 5,
  magNewGyrDegS: 20,
  magUndisturbedS: 0.5,
  magRejectionS: 60,
  magRejectionFactor: 2,
};

/** Switches that leave the plain filter without bias estimation and disturbance rejection ("BasicVQF"). */
export const VQF_BASIC: Readonly<Partial<VqfParameters>> = {
  motionBias: false,
  restBias: false,
  disturbanceRejection: false,
};
