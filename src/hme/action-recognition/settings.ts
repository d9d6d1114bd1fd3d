/**
 * Weights and windows of the comparison. They were chosen on subjects 1, 3, 5 and 7 of a public set alone, one left out at a time;
 * `node bench/accuracy/actions.ts --choose` gives the figures behind each again.
 */

/** Weights and windows for skeletons. */
export interface PoseSettings {
  fineSteps: number;
  smoothing: number;
  steps: number;
  velocity: number;
  angle: number;
}

/** How skeletons become vectors. */
export const POSE_SETTINGS: PoseSettings = {
  /** steps that a movement is smoothed at; evens out frame rates */
  fineSteps: 64,
  /** passes of the 1-2-1 filter over these */
  smoothing: 2,
  /** steps that are compared */
  steps: 32,
  /** weight of a change per step beside a position in trunk lengths */
  velocity: 4,
  /** weight of a joint angle in rad beside a position in trunk lengths */
  angle: 0.5,
};

/** How inertial records become vectors. */
export const INERTIAL_SETTINGS = {
  fineSteps: 192,
  smoothing: 3,
  steps: 32,
  /** weight of 1 deg/s beside 1 g */
  rate: 1 / 500,
} as const;

/** How moving surfaces and clouds become vectors. */
export const CLOUD_SETTINGS = {
  fineSteps: 64,
  smoothing: 2,
  steps: 32,
  /** cells by height, distance from the axis and turn about it */
  cells: [8, 3, 8],
  /** weight of a change per step beside the root of a share */
  velocity: 4,
  /** weight of the body's height over the ground in body heights */
  height: 2,
} as const;

/** Share of the steps that one movement may run ahead of another. */
export const WARPING_BAND = 0.2;

/** Weight of the inertial distance beside that of the body, each over its usual size. */
export const INERTIAL_WEIGHT = 0.7;
