/** Examinations as nodes: what came in, and what facts speak of without having come in themselves. */

import type { Acquisition, Evidence, GraphEdge, GraphNode } from '../../model/index.ts';

/** Modalities of the engine by those of the catalogue, where they differ. */
const MODALITY_OF: Readonly<Record<string, string>> = {
  ...{ mr: 'mri', keypoints: 'radiograph', video3d: 'video', motion: 'video' },
};

/** Files that facts of many kinds come in with; the facts' own modality says how they were found out. */
const CARRIERS: ReadonlySet<string> = new Set(['record', 'table', 'document']);

/** What people or programs drew on an examination: not one itself where the examination is known. */
const DRAWN: ReadonlySet<string> = new Set(['labels', 'surface']);

/** Prefixes of features that tell what they were measured with, where no acquisition does. */
const MODALITY_BY_FEATURE: readonly (readonly [RegExp, string])[] = [
  [/^emg\./, 'emg'],
  [/^(imu|segment\.(maximum|minimum|range|speed))/, 'imu'],
  [/^kinematics\./, 'video'],
  [/^force/, 'force'],
];

const NAMES: Readonly<Record<string, string>> = {
  record: 'Clinical record',
  questionnaire: 'Questionnaire',
  mri: 'MRI',
  ct: 'CT',
  radiograph: 'Radiograph',
  ultrasound: 'Ultrasound',
  emg: 'Surface EMG',
  imu: 'Motion sensors',
  video: 'Motion capture and 3D video',
  laboratory: 'Laboratory',
  dxa: 'Bone densitometry',
  force: 'Force plates',
  labels: 'Segmentation',
  surface: 'Surface',
  keypoints: 'Landmarks',
  unknown: 'Unknown examination',
};

/** Name of a modality as people read it. */
export function modalityName(modality: string): string {
  return NAMES[modality] ?? modality;
}

/** What is known of where a value comes from. */
export interface Origin {
  feature: string;
  modality?: string;
  /** ISO 8601 */
  time?: string;
  evidence?: readonly Evidence[];
}

/** Gathers the examinations of a patient. */
export interface ExamBook {
  /** id of the examination a value comes from, made up from modality and day where none came in */
  of(origin: Origin): string;
  /** modality of an examination */
  modality(exam: string): string;
  /** examinations in order of time, those of unknown time last */
  nodes(): GraphNode[];
}

/** Opens the book with what came in. */
export function examBook(
  acquisitions: readonly Acquisition[],
  acquisitionOf: Readonly<Record<string, string>> = {},
): ExamBook {
  const exams = new Map<string, GraphNode & { modality: string }>();
  const byDay = new Map<string, string[]>();
  for (const { id, modality, region, side, takenAt } of acquisitions) {
    const kind = MODALITY_OF[modality] ?? modality;
    const node = `exam:${id}`;
    const name = region ? `${modalityName(kind)}, ${region}` : modalityName(kind);
    exams.set(node, { id: node, kind: 'exam', name, time: takenAt, side, modality: kind, source: id });
    for (const key of [`${kind}@${dayOf(takenAt)}`, `unknown@${dayOf(takenAt)}`])
      byDay.set(key, [...(byDay.get(key) ?? []), node]);
  }
  const drawnOn = sourcesOfDrawings(acquisitions);
  const came = ({ modality, evidence = [] }: Origin): string | undefined => {
    const found = evidence.flatMap(({ artifact }) => exams.get(`exam:${acquisitionOf[artifact]}`) ?? []);
    const own = found.filter((exam) => !(CARRIERS.has(exam.modality) && modality && modality !== exam.modality));
    const first = own.find((exam) => !DRAWN.has(exam.modality)) ?? own[0];
    return first && (drawnOn.get(first.id) ?? first.id);
  };
  const of = (origin: Origin): string => {
    const known = came(origin);
    if (known) return known;
    const { feature, time } = origin;
    const modality =
      origin.modality ?? MODALITY_BY_FEATURE.find(([pattern]) => pattern.test(feature))?.[1] ?? 'unknown';
    const same = byDay.get(`${modality}@${dayOf(time)}`);
    if (time && same?.length === 1) return same[0];
    const id = time ? `exam:${modality}@${dayOf(time)}` : `exam:${modality}`;
    if (!exams.has(id)) exams.set(id, { id, kind: 'exam', name: modalityName(modality), time, modality });
    return id;
  };
  return {
    of,
    modality: (exam) => exams.get(exam)?.modality ?? 'unknown',
    nodes: () => [...exams.values()].sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1)),
  };
}

/** Examinations that drawings were made on: the only image in the same coordinates. */
function sourcesOfDrawings(acquisitions: readonly Acquisition[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, modality, frameOfReference } of acquisitions) {
    if (!DRAWN.has(modality) || frameOfReference === undefined) continue;
    const images = acquisitions.filter(
      (other) => ['ct', 'mr'].includes(other.modality) && other.frameOfReference === frameOfReference,
    );
    if (images.length === 1) found.set(`exam:${id}`, `exam:${images[0].id}`);
  }
  return found;
}

/**
 * Order in time of sorted examinations. Each points to the first of the next moment; further ones of that moment are pointed at by
 * the first of the moment before. Of one moment none comes before another; those of unknown time are left out.
 */
export function orderInTime(exams: readonly GraphNode[]): GraphEdge[] {
  const moments: GraphNode[][] = [];
  for (const exam of exams) {
    if (startOf(exam) === UNKNOWN_TIME) continue;
    const last = moments.at(-1);
    if (last && startOf(last[0]) === startOf(exam)) last.push(exam);
    else moments.push([exam]);
  }
  return moments.slice(1).flatMap((later, at) => {
    const before = moments[at];
    return [
      ...before.map(({ id }): GraphEdge => ({ from: id, to: later[0].id, type: 'before' })),
      ...later.slice(1).map(({ id }): GraphEdge => ({ from: before[0].id, to: id, type: 'before' })),
    ];
  });
}

const UNKNOWN_TIME = Number.MAX_VALUE;

function startOf({ time }: GraphNode): number {
  const start = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(start) ? UNKNOWN_TIME : start;
}

function dayOf(time: string | undefined): string {
  return time?.slice(0, 10) ?? '';
}
