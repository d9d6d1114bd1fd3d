/** Typed products of readers and capabilities. */

import type { ClinicalRecord } from '../clinical/record.ts';
import type { Mesh, SpineCurve, SpineLandmarks } from '../geometry/shapes.ts';
import type { Labelmap, Volume } from '../geometry/volume.ts';
import type { PatientGraph } from '../inference/patient-graph.ts';
import type { Clocks } from '../motion/clocks.ts';
import type { CloudSequence, DepthSequence, EventList, MeshSequence, PointSequence } from '../motion/sequences.ts';
import type { Signals } from '../motion/signals.ts';
import type { Table } from '../table.ts';
import type { Unit } from '../units.ts';
import type { Posture } from './acquisition.ts';
import type { Provenance } from './provenance.ts';
import type { QualityFlag } from './quality.ts';

/** What each kind of artifact holds. Kinds read general to special. */
export interface PayloadByKind {
  'volume.ct': Volume;
  'volume.mr': Volume;
  /** grey levels of a source that does not say what they are */
  'volume.other': Volume;
  /** integers as a file gave them: names only where the file carries them, no level decided yet */
  'labelmap.source': Labelmap;
  /** whole vertebrae (and sacrum/S1), one value per level, levels decided */
  'labelmap.vertebrae': Labelmap;
  /** vertebral bodies only (one value per level, or one value for all) */
  'labelmap.bodies': Labelmap;
  'labelmap.discs': Labelmap;
  /** everything else a tool labelled (muscles, organs, femurs, hips) */
  'labelmap.anatomy': Labelmap;
  'labelmap.bone': Labelmap;
  'labelmap.body': Labelmap;
  'mesh.skin': Mesh;
  'mesh.bone': Mesh;
  'mesh.vertebra': Mesh;
  'mesh.intervertebral-space': Mesh;
  /** a surface that came in from outside */
  'mesh.other': Mesh;
  'landmarks.vertebra': SpineLandmarks;
  'curve.spine': SpineCurve;
  'table.landmarks2d': Table;
  'table.matrix': Table;
  'table.record': Table;
  /** coded facts of one person, pseudonymised */
  'record.clinical': ClinicalRecord;
  /** what was examined, what it showed, where, what it speaks for, and when */
  'graph.patient': PatientGraph;
  /** keypoints per vertebra as read from a keypoint file */
  'landmarks.keypoints': SpineLandmarks;
  /** places for electrodes on the skin; no planes, no vertebrae */
  'landmarks.electrodes': SpineLandmarks;
  /** surface electromyography */
  'signal.emg': Signals;
  /** accelerometer, gyroscope, magnetometer; a vendor's own orientation rides along as channels of its own */
  'signal.imu': Signals;
  /** orientation of sensors or segments in the earth frame, quaternions `[w, x, y, z]` */
  'signal.orientation': Signals;
  /** joint and trunk angles */
  'signal.angle': Signals;
  /** force plates and force cells */
  'signal.force': Signals;
  /** curves that a capability measured: an envelope, a median frequency, a speed */
  'signal.measure': Signals;
  /** channels of a source that does not say what they are */
  'signal.other': Signals;
  /** optical markers */
  'sequence.markers': PointSequence;
  'sequence.skeleton': PointSequence;
  'sequence.mesh': MeshSequence;
  'sequence.cloud': CloudSequence;
  'sequence.depth': DepthSequence;
  events: EventList;
  /** how the clocks of a twin's recordings hang together */
  clocks: Clocks;
  /** prescribed truth of the virtual subject, and other free documents */
  document: unknown;
}

export type ArtifactKind = keyof PayloadByKind;

/** The kinds of volume there are. */
export const VOLUME_KINDS = ['volume.ct', 'volume.mr', 'volume.other'] as const satisfies readonly ArtifactKind[];

export type VolumeKind = (typeof VOLUME_KINDS)[number];

/** The kinds of label map there are. */
export const LABELMAP_KINDS = [
  'labelmap.source',
  'labelmap.vertebrae',
  'labelmap.bodies',
  'labelmap.discs',
  'labelmap.anatomy',
  'labelmap.bone',
  'labelmap.body',
] as const satisfies readonly ArtifactKind[];

/** The kinds of surface there are. */
export const MESH_KINDS = [
  'mesh.skin',
  'mesh.bone',
  'mesh.vertebra',
  'mesh.intervertebral-space',
  'mesh.other',
] as const satisfies readonly ArtifactKind[];

/** Kinds whose payload is `Signals`. */
export const SIGNAL_KINDS = [
  'signal.emg',
  'signal.imu',
  'signal.orientation',
  'signal.angle',
  'signal.force',
  'signal.measure',
  'signal.other',
] as const satisfies readonly ArtifactKind[];

/** Kinds whose payload is a `PointSequence`. */
export const POINT_SEQUENCE_KINDS = [
  'sequence.markers',
  'sequence.skeleton',
] as const satisfies readonly ArtifactKind[];

/** Kinds in a fixed order, for loops and checks. */
export const ARTIFACT_KINDS = [
  ...VOLUME_KINDS,
  ...LABELMAP_KINDS,
  ...MESH_KINDS,
  'landmarks.vertebra',
  'landmarks.keypoints',
  'landmarks.electrodes',
  'curve.spine',
  ...SIGNAL_KINDS,
  ...POINT_SEQUENCE_KINDS,
  'sequence.mesh',
  'sequence.cloud',
  'sequence.depth',
  'events',
  'clocks',
  'table.landmarks2d',
  'table.matrix',
  'table.record',
  'record.clinical',
  'graph.patient',
  'document',
] as const satisfies readonly ArtifactKind[];

/** A stored file of an artifact. The first blob of an artifact is its primary, complete form. */
export interface BlobRef {
  /** file name in the browsable twin folder: `L4.glb` */
  name: string;
  sha256: string;
  bytes: number;
  mediaType: string;
}

/** Metadata of an artifact; the payload lies in its blobs. */
export interface Artifact {
  /** hash of capability, version, parameters and inputs, role and index of the output */
  id: string;
  kind: ArtifactKind;
  /** what a person calls it: `Skin`, `L4` */
  name: string;
  unit?: Unit;
  level?: string;
  side?: 'left' | 'right';
  /** acquisition it descends from */
  acquisition?: string;
  posture?: Posture;
  takenAt?: string;
  synthetic: boolean;
  quality: QualityFlag[];
  provenance: Provenance;
  blobs: BlobRef[];
  /** small facts for lists: size, spacing, triangles … */
  summary: Record<string, number | string | boolean>;
}

/** An artifact in memory, as capabilities get it. */
export interface ArtifactValue<Kind extends ArtifactKind = ArtifactKind> {
  kind: Kind;
  payload: PayloadByKind[Kind];
  id?: string;
  name?: string;
  level?: string;
  side?: 'left' | 'right';
  posture?: Posture;
  /** key of the coordinate system (DICOM frame of reference UID, or the file's own) */
  frameOfReference?: string;
  takenAt?: string;
  synthetic?: boolean;
  quality?: QualityFlag[];
  metadata?: Record<string, string | number | boolean>;
}

/** An artifact as a capability or reader returns it. */
export interface ArtifactDraft<Kind extends ArtifactKind = ArtifactKind> {
  kind: Kind;
  payload: PayloadByKind[Kind];
  name: string;
  level?: string;
  side?: 'left' | 'right';
  quality?: QualityFlag[];
}
