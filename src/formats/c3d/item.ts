/** A C3D document as one read item: markers, skeleton, muscle activity, forces, events. */

import type {
  ArtifactDraft,
  ArtifactKind,
  PayloadByKind,
  QualityFlag,
  ReadItem,
  ReadOptions,
  SourceFile,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError } from '../bytes.ts';
import { clockOf } from '../recording/index.ts';
import { ownChoice } from '../report.ts';
import { readAnalog } from './analog.ts';
import { type C3dDocument, findParameter, numberOf, numbersOf, textsOf } from './document.ts';
import { readEvents } from './events.ts';
import { ownFacts } from './own.ts';
import { readPlates } from './plates.ts';
import { lengthUnit, pointRate, readPoints } from './points.ts';
import { readC3d } from './read-document.ts';
import { restored } from './restore.ts';
import { readRotations } from './rotations.ts';

const NAMES: Partial<Record<ArtifactKind, string>> = {
  'sequence.markers': 'Markers',
  'sequence.skeleton': 'Segments',
  'signal.emg': 'Muscle activity',
  'signal.imu': 'Inertial sensors',
  'signal.orientation': 'Orientation',
  'signal.force': 'Forces',
  'signal.angle': 'Angles',
  'signal.other': 'Other channels',
  'signal.measure': 'Model outputs',
  events: 'Events',
};

/**
 * Reads one C3D file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readC3dItem(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const { document, flags } = readC3d(await readWhole(file), file.name);
  const clock = clockOf(file.name);
  const keepPrefix = ownChoice(options.choices, 'prefix', ['keep']) === 'keep';
  const { mm } = lengthUnit(document);
  const plates = readPlates(document, mm);
  const points = readPoints(document, clock, keepPrefix);
  const analog = readAnalog(document, clock, plates);
  const segments = readRotations(document, clock);
  const events = readEvents(document, clock);
  const drafts: ArtifactDraft[] = [];
  const add = <Kind extends ArtifactKind>(kind: Kind, payload: PayloadByKind[Kind] | undefined): void => {
    if (payload !== undefined) drafts.push({ kind, payload, name: NAMES[kind] ?? kind });
  };
  add('sequence.markers', points.markers);
  add('sequence.skeleton', segments.skeleton);
  for (const { kind, payload } of analog.signals) add(kind, payload);
  add('signal.angle', points.angles);
  add('signal.measure', points.outputs);
  add('events', events);
  const own = ownFacts(document);
  const artifacts = own
    ? restored(drafts, own, analog.channels).map((draft) => ({ ...draft, name: NAMES[draft.kind] ?? draft.name }))
    : drafts;
  if (artifacts.length === 0)
    throw fileError('input.empty', file.name, 'The recording holds nothing', {
      place: 'header',
      detail: `${document.frames} frames of ${document.header.points} points and ${analog.channels.length} channels`,
      hint: 'Export the trial again with its markers or channels.',
    });
  const item: ReadItem = {
    modality: 'motion',
    artifacts,
    files: [file.name],
    quality: [...flags, ...rateFlags(document), ...plates.flags, ...points.flags, ...analog.flags, ...segments.flags],
    metadata: factsOf(document, analog.channels.length, analog.rateHz),
  };
  const device = deviceOf(document);
  if (device) item.device = device;
  const takenAt = dateOf(document);
  if (takenAt) item.takenAt = takenAt;
  return item;
}

/** A trial without a rate has no time: one frame a second is no measurement. */
function rateFlags(document: C3dDocument): QualityFlag[] {
  const rates = [numberOf(findParameter(document, 'POINT', 'RATE')), document.header.rateHz];
  if (rates.some((rate = 0) => rate > 0 && Number.isFinite(rate))) return [];
  const message =
    'The file does not say how many frames a second it has: 1 Hz was taken, so times and speeds are wrong.';
  return [{ code: 'c3d.no-rate', severity: 'fault', where: 'POINT:RATE', message }];
}

function factsOf(document: C3dDocument, channels: number, analogRateHz: number): ReadItem['metadata'] {
  const { processor, header, frames, points } = document;
  const rateHz = pointRate(document);
  return {
    format: 'C3D',
    processor,
    storage: points instanceof Float32Array ? 'float' : 'int16',
    points: header.points,
    frames,
    firstFrame: header.firstFrame,
    rateHz,
    durationS: Number((frames / rateHz).toFixed(3)),
    channels,
    ...(channels > 0 && { analogRateHz }),
    lengths: textsOf(findParameter(document, 'POINT', 'UNITS'))[0] || 'mm',
  };
}

/** Maker and program; never subject names. */
function deviceOf(document: C3dDocument): string | undefined {
  const text = (name: string) => textsOf(findParameter(document, 'MANUFACTURER', name))[0];
  return [text('COMPANY'), text('SOFTWARE')].filter(Boolean).join(', ') || undefined;
}

/** TRIAL:DATE and TIME, as some vendors write them: year, month, day; hour, minute, second. */
function dateOf(document: C3dDocument): string | undefined {
  const [year, month, day] = numbersOf(findParameter(document, 'TRIAL', 'DATE'));
  const [hour = 0, minute = 0, second = 0] = numbersOf(findParameter(document, 'TRIAL', 'TIME'));
  if (!(year > 1970 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const plausible = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  const time = plausible ? `T${two(hour)}:${two(minute)}:${two(second)}` : '';
  return `${Math.floor(year)}-${two(month)}-${two(day)}${time}`;
}
