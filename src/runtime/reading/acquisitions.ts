/** What was read becomes acquisitions: posture, time, and which of them share coordinates or a session. */

import {
  type Acquisition,
  type AcquisitionFile,
  type Grid,
  gridOverlap,
  NAMES_PERSON,
  type Posture,
  type QualityFlag,
  type Scale,
} from '../../model/index.ts';

/** Facts of one read item, without its payloads. */
export interface ItemFacts {
  modality: string;
  posture?: Posture;
  frameOfReference?: string;
  takenAt?: string;
  device?: string;
  protocol?: string;
  region?: string;
  synthetic?: boolean;
  quality: QualityFlag[];
  metadata: Record<string, string | number | boolean>;
  /** the files say, or may say, who the person is */
  namesPerson?: boolean;
  /** grid of its volume or label map · mm */
  grid?: Grid;
}

/** An acquisition already in the twin, as far as coordinates go. */
export interface KnownPlace {
  frameOfReference?: string;
  grid?: Grid;
  posture?: Posture;
  takenAt?: string;
}

/** What the twin adds to what the reader said. */
export interface AcquisitionContext {
  id: string;
  knownAt: string;
  scales: readonly Scale[];
  /** the files it came from, with their hashes */
  files: AcquisitionFile[];
  /** the batch of a recording; absent for pictures, which lie in a place and not in a session */
  batch?: string;
}

/** Two grids whose boxes share this much of the smaller one are taken to lie in the same coordinates. */
const SAME_PLACE_SHARE = 0.9;

/**
 * Makes an acquisition of a read item.
 *
 * Files without a frame of reference join the acquisition whose box they share; when none fits they open a frame of their own,
 * so that two unrelated volumes are never laid over each other unasked. Labels and surfaces that share coordinates with a scan
 * describe the same body at the same moment: they take over its posture and time where they state none.
 *
 * Recordings share no coordinates but a session: those of one day, or of one batch where they state no time.
 *
 * @param item - what the reader said
 * @param known - acquisitions already there, and those of the same batch already made
 */
export function describeAcquisition(
  item: ItemFacts,
  known: readonly KnownPlace[],
  about: AcquisitionContext,
): Acquisition {
  const shared = item.frameOfReference
    ? known.find((place) => place.frameOfReference === item.frameOfReference)
    : placeOf(item.grid, known);
  const frame = item.frameOfReference ?? shared?.frameOfReference ?? sessionOf(item, about) ?? `own:${about.id}`;
  const quality = [...item.quality];
  if (!item.frameOfReference && shared) {
    quality.push({
      code: 'frame.assumed',
      severity: 'info',
      message: 'The file names no frame of reference; it is laid over the acquisition that covers the same place.',
    });
  }
  return {
    id: about.id,
    modality: item.modality,
    scales: [...about.scales],
    posture: stated(item.posture) ?? stated(shared?.posture) ?? 'unknown',
    region: item.region,
    device: item.device,
    protocol: item.protocol,
    takenAt: item.takenAt ?? shared?.takenAt,
    knownAt: about.knownAt,
    frameOfReference: frame,
    files: item.namesPerson ? unnamed(about.files) : about.files,
    quality,
    synthetic: item.synthetic ?? false,
    metadata: { ...item.metadata, ...(item.namesPerson && { [NAMES_PERSON]: true }) },
  };
}

/** Files that name the person are often called by the name: a number and the ending stay. */
function unnamed(files: readonly AcquisitionFile[]): AcquisitionFile[] {
  return files.map((file, at) => ({
    ...file,
    name: `original-${at + 1}${KNOWN_ENDING.exec(file.name.toLowerCase())?.[0] ?? ''}`,
  }));
}

/** A name like `jane.doe` has no ending. */
const KNOWN_ENDING = /\.(dcm|dicom|ima|json|ndjson|jsonl|csv|tsv|txt|edf|bdf|zip|gz)$/;

/** Recordings of one day belong together; without a day, those that came together. */
function sessionOf({ takenAt }: ItemFacts, { batch }: AcquisitionContext): string | undefined {
  if (batch === undefined) return undefined;
  return `session:${takenAt ? takenAt.slice(0, 10) : batch}`;
}

function stated(posture: Posture | undefined): Posture | undefined {
  return posture === 'unknown' ? undefined : posture;
}

function placeOf(grid: Grid | undefined, known: readonly KnownPlace[]): KnownPlace | undefined {
  if (!grid) return undefined;
  let best: { share: number; place: KnownPlace } | undefined;
  for (const place of known) {
    if (!place.grid || !place.frameOfReference) continue;
    const share = gridOverlap(grid, place.grid);
    if (share >= SAME_PLACE_SHARE && share > (best?.share ?? 0)) best = { share, place };
  }
  return best?.place;
}
