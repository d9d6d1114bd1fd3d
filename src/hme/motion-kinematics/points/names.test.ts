import { describe, expect, it } from 'vitest';
import { SKELETON_JOINTS } from '../../../model/index.ts';
import { markerPoint, skeletonPoints } from './names.ts';

describe('names of markers', () => {
  it.each([
    [
      'Plug-in Gait',
      'LASI RPSI SACR LKNE RANK LHEE RTOE RSHO C7 T10 CLAV STRN LELB LWRA RWRB LTHI RTIB',
      'asis.left psis.right sacrum kneeLateral.left ankleLateral.right heel.left toe.right acromion.right c7 t8 jugular xiphoid elbowLateral.left wristRadial.left wristUlnar.right thigh.left shank.right',
    ],
    [
      'IOR and Qualisys',
      'L_IAS R_IPS L_FLE R_FME L_FAL R_TAM L_FCC R_FM1 L_FM5 CV7 TV8 SNJ SXS RCAJ L_WAND1',
      'asis.left psis.right kneeLateral.left kneeMedial.right ankleLateral.left ankleMedial.right heel.left mt1.right mt5.left c7 t8 jugular xiphoid acromion.right thigh.left',
    ],
    [
      'OpenSim gait',
      'R.ASIS V.Sacral L.Thigh.Upper R.Knee.Lat L.Knee.Med R.Shank.Front L.Ankle.Lat R.Heel L.Toe.Tip R.Toe.Lat Sternum R.Acromium',
      'asis.right sacrum thigh.left kneeLateral.right kneeMedial.left shank.right ankleLateral.left heel.right toe.left mt5.right xiphoid acromion.right',
    ],
    [
      'OpenCap',
      'r.PSIS r_knee r_mknee L_ankle L_mankle r_calc r_5meta L_toe r_sh2 L_thigh4 R_Shoulder L_Sternum R_elbow_med R_HJC',
      'psis.right kneeLateral.right kneeMedial.right ankleLateral.left ankleMedial.left heel.right mt5.right toe.left shank.right thigh.left acromion.right clavicle.left elbowMedial.right hip.right',
    ],
    [
      'a treadmill laboratory',
      'RTH1 LTB2 RLFC LMFC RLMAL LMMAL RCAL LMT1 RAJC',
      'thigh.right shank.left kneeLateral.right kneeMedial.left ankleLateral.right ankleMedial.left heel.right mt1.left ankle.right',
    ],
    ['side behind, subject before', 'Daphnee:ASISr Daphnee:PSISl Daphnee:XIPH', 'asis.right psis.left xiphoid'],
    [
      'words',
      'r should|l asis|r knee 1|r mall|sacrum|l met',
      'acromion.right asis.left kneeLateral.right ankleLateral.right sacrum toe.left',
    ],
  ])('of %s', (_, names, points) => {
    const list = names.includes('|') ? names.split('|') : names.split(' ');
    expect(list.map(markerPoint)).toEqual(points.split(' '));
  });

  it('leaves unknown ones alone', () => {
    expect(['boite:gauche_ext', 'SCR1', 'Marker 7', 'x'].map(markerPoint)).toEqual(Array(4).fill(undefined));
  });
});

describe('names of joints', () => {
  it('of the house are themselves', () => {
    expect(skeletonPoints(SKELETON_JOINTS).points).toEqual([...SKELETON_JOINTS]);
  });
  it.each([
    [
      'Kinect v2',
      'SpineBase SpineMid SpineShoulder Neck HipLeft KneeRight FootLeft HandTipLeft',
      ['pelvis', 'spine', 'thorax', 'neck', 'hip.left', 'knee.right', 'foot.left', undefined],
      'joints',
    ],
    [
      'Kinect v1',
      'hip_center spine shoulder_center left_hip right_ankle',
      ['pelvis', 'spine', 'thorax', 'hip.left', 'ankle.right'],
      'joints',
    ],
    [
      'BVH',
      'Hips LeftUpLeg LeftLeg LeftFoot RightArm RightForeArm RightHand',
      ['pelvis', 'hip.left', 'knee.left', 'ankle.left', 'shoulder.right', 'elbow.right', 'wrist.right'],
      'bvh',
    ],
    [
      'segment targets',
      'Right Forearm|Chest|Hips|Left Thigh|Right Tibia|Left Shoulder',
      ['forearmTarget.right', 'thoraxTarget', 'pelvisTarget', 'thighTarget.left', 'shankTarget.right', 'shoulder.left'],
      'targets',
    ],
  ])('of %s', (_, names, points, system) => {
    const list = (names as string).includes('|') ? (names as string).split('|') : (names as string).split(' ');
    expect(skeletonPoints(list)).toEqual({ system, points });
  });
});
