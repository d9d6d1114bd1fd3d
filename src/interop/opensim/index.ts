/** OpenSim: models read and moved by motions. */

export type {
  ModelCoordinate,
  ModelCoupler,
  ModelGeometry,
  ModelJoint,
  ModelMarker,
  OpenSimModel,
} from './model.ts';
export { readOsim } from './model.ts';
export { coordinateValues, type ModelMotion, type ModelPose, moveModel, poseModel } from './pose.ts';
export type { Rigid } from './rigid.ts';
export { openSim } from './tool.ts';
