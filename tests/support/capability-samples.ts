/** First artifacts for the tests of capabilities: what readers would make of the virtual subject's files, small. */

import { type MovingSubject, simulateMotion, simulateSubject } from '../../fixtures/synth/index.ts';
import type {
  ArtifactKind,
  ArtifactValue,
  Labelmap,
  Landmark,
  PayloadByKind,
  SpineLandmarks,
  VertebraLevel,
} from '../../src/model/index.ts';
import { eventList, forceSignals } from './motion/motion-samples.ts';

function value<Kind extends ArtifactKind>(kind: Kind, payload: PayloadByKind[Kind], name: string): ArtifactValue {
  return { kind, payload, name, id: name, posture: 'supine', synthetic: true, metadata: {}, quality: [] };
}

/** A label map as a file gives it: names, no levels. */
function asSource(map: Labelmap): Labelmap {
  return { ...map, labels: map.labels.map(({ value: label, name, color }) => ({ value: label, name, color })) };
}

/** Four corners of seventeen vertebrae on one film, as the AASCE tables have them. */
function filmCorners(): PayloadByKind['table.landmarks2d'] {
  const columns = Array.from({ length: 136 }, (_, at) => {
    const corner = at % 68;
    const vertebra = Math.floor(corner / 4);
    const [right, low] = [corner % 2, Math.floor((corner % 4) / 2)];
    const tilt = 0.25 * Math.sin((vertebra / 16) * Math.PI * 2);
    const y = 40 + 45 * vertebra + 30 * low + 60 * right * tilt;
    const x = 200 + 60 * right + 40 * Math.sin(vertebra / 4) - 30 * low * tilt;
    return { name: `p${at}`, values: [at < 68 ? x : y] };
  });
  return { columns };
}

/** Bodies and pedicles of a lightly bent column, as a keypoint file marks them. */
function keypoints(): SpineLandmarks {
  const levels: VertebraLevel[] = ['T10', 'T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5'];
  const points = levels.flatMap((level, at): Landmark[] => {
    const [x, y, z] = [12 * Math.sin(at / 2), 8 * Math.cos(at / 3), -30 * at];
    return [
      { id: `${level}.body`, xyz: [x, y, z], level },
      { id: `${level}.pedicle.left`, xyz: [x + 14, y + 20, z + 5], level, side: 'left' },
      { id: `${level}.pedicle.right`, xyz: [x - 14, y + 20, z + 5], level, side: 'right' },
    ];
  });
  return { frame: 'patient', points, planes: [], vertebrae: [] };
}

function moving(subject: MovingSubject, name: string): ArtifactValue[] {
  return [
    value('signal.emg', subject.emg, `${name} emg`),
    value('signal.imu', subject.imu, `${name} imu`),
    value('sequence.skeleton', subject.skeleton, `${name} skeleton`),
    value('sequence.mesh', subject.skin, `${name} skin`),
    value('sequence.depth', subject.depth, `${name} depth`),
    value('signal.angle', subject.truth.angles, `${name} angles`),
  ];
}

/** One or more artifacts of every kind that a reader makes. */
export function firstArtifacts(): ArtifactValue[] {
  const still = simulateSubject({ seed: 5, spacingMm: 2.5, levels: ['L1', 'S1'], field: 'trunk' });
  const small = { repetitions: 2, restS: 1, cameraHz: 10, sensorHz: 71 } as const;
  const clocks = { camera: { offsetS: 0.4, driftPpm: 0 }, sensors: { offsetS: -0.3, driftPpm: 0 } };
  return [
    value('volume.ct', still.ct, 'ct'),
    value('labelmap.source', asSource(still.vertebrae), 'vertebrae'),
    value('labelmap.discs', still.discs, 'discs'),
    value('landmarks.keypoints', keypoints(), 'keypoints'),
    value('table.landmarks2d', filmCorners(), 'film'),
    value(
      'table.record',
      {
        columns: [
          { name: 'width', values: [600] },
          { name: 'height', values: [900] },
        ],
      },
      'sizes',
    ),
    value('signal.force', forceSignals(2000), 'plates'),
    value('events', eventList(), 'events'),
    ...moving(simulateMotion({ task: 'squat', ...small, clocks }), 'squat'),
    ...moving(simulateMotion({ task: 'bend', seed: 2, ...small, periodS: 4 }), 'bend'),
  ];
}
