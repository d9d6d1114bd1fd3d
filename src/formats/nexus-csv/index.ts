/**
 * Vicon Nexus ASCII exports: trajectories, devices, model outputs and events of one trial, each at its own rate.
 *
 * Reading: `choices.prefix` = `keep` leaves the subject's name in front of marker names.
 */

import {
  type ArtifactDraft,
  type EventList,
  type Format,
  muscleOf,
  type PointSequence,
  type QualityFlag,
  type ReadItem,
  type ReadOptions,
  type SignalChannel,
  type Signals,
  type SourceFile,
  type Unit,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { axisOf, clockOf, quantityOf, recordingItems, segmentOf, unitOfText } from '../recording/index.ts';
import { ownChoice, readEach } from '../report.ts';
import { type NexusSection, parseNexus, SECTIONS } from './sections.ts';

const START = new RegExp(`^[\\uFEFF\\u00ef\\u00bb\\u00bf"]*(${SECTIONS.join('|')})["]?[,;\\t\\s]*[\\r\\n]+\\s*\\d`);

/** The Nexus CSV format. */
export const nexusCsv: Format = {
  id: 'nexus-csv',
  title: 'Vicon Nexus CSV',
  extensions: ['.csv'],
  mediaType: 'text/csv',
  reads: [
    'sequence.markers',
    'signal.emg',
    'signal.imu',
    'signal.force',
    'signal.angle',
    'signal.measure',
    'signal.other',
    'events',
  ],
  writes: [],

  sniff(head) {
    return START.test(latin1(head)) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readEach(files, options, (file) => readNexus(file, options));
  },
};

async function readNexus(file: SourceFile, { choices }: ReadOptions): Promise<ReadItem[]> {
  const { sections, flags } = parseNexus(await readWhole(file, MAX_TEXT_BYTES), file.name);
  const clock = clockOf(file.name);
  const keep = ownChoice(choices, 'prefix', ['keep']) === 'keep';
  const artifacts: ArtifactDraft[] = [];
  const streams: Signals[] = [];
  for (const section of sections) {
    if (section.title === 'Trajectories') {
      const markers = markersOf(section, clock, keep);
      artifacts.push({ kind: 'sequence.markers', payload: markers, name: 'Markers' });
      flags.push(...unseenFlags(markers));
    } else if (section.title === 'Devices') streams.push(devicesOf(section, clock));
    else if (section.title === 'Events') {
      const events = eventsOf(section, clock);
      if (events.events.length > 0) artifacts.push({ kind: 'events', payload: events, name: 'Events' });
    } else artifacts.push(...outputsOf(section, clock, keep));
  }
  const recorded = recordingItems({ files: [file.name], streams, quality: flags, format: 'Vicon Nexus CSV' });
  if (artifacts.length === 0) return recorded;
  return [
    {
      modality: 'motion',
      artifacts: [...artifacts, ...recorded.flatMap((item) => item.artifacts)],
      files: [file.name],
      quality: recorded.length ? [...new Set(recorded.flatMap((item) => item.quality))] : flags,
      metadata: {
        format: 'Vicon Nexus CSV',
        sections: sections.map(({ title }) => title).join(', '),
        rateHz: sections.map(({ rateHz }) => rateHz).join(', '),
      },
    },
  ];
}

/** Time of the first row: frames count from 1, sub-frames are steps of the section's own rate. */
function timeOf({ frames, subFrames, rateHz }: NexusSection) {
  const most = subFrames.reduce((largest, value) => Math.max(largest, value), 0);
  const frameRate = rateHz / (most + 1);
  const first = Number.isFinite(frames[0]) ? Math.max(0, frames[0] - 1) : 0;
  return { startS: first / frameRate + (subFrames[0] || 0) / rateHz, rateHz };
}

function markersOf(section: NexusSection, clock: string, keep: boolean): PointSequence {
  const rows = section.frames.length;
  const firsts = section.names.flatMap((name, column) =>
    /^X$/i.test(name) && /^Z$/i.test(section.names[column + 2] ?? '') ? [column] : [],
  );
  const count = firsts.length;
  const positions = new Float64Array(3 * count * rows);
  for (const [marker, first] of firsts.entries()) {
    const factor = section.units[first] === 'm' ? 1000 : section.units[first] === 'cm' ? 10 : 1;
    for (let row = 0; row < rows; row++) {
      const at = 3 * (row * count + marker);
      for (let axis = 0; axis < 3; axis++) positions[at + axis] = section.columns[first + axis][row] * factor;
      if (Number.isNaN(positions[at] + positions[at + 1] + positions[at + 2])) positions.fill(Number.NaN, at, at + 3);
    }
  }
  const names = namesOf(
    firsts.map((first) => section.groups[first]),
    keep,
  );
  return { clock, ...timeOf(section), frame: 'lab', up: '+z', names, positions };
}

function unseenFlags({ positions }: PointSequence): QualityFlag[] {
  let missing = 0;
  for (let at = 0; at < positions.length; at += 3) if (Number.isNaN(positions[at])) missing++;
  if (missing === 0) return [];
  const share = (300 * missing) / positions.length;
  const message = `Markers were not seen in ${share.toFixed(share < 1 ? 2 : 0)} % of all places; they are left open, not filled.`;
  return [{ code: 'motion.markers-missing', severity: share > 20 ? 'doubt' : 'info', message }];
}

/** Names of people do not belong into a twin: what stands before the colon is the subject. */
function namesOf(full: readonly string[], keep: boolean): string[] {
  const used = new Set<string>();
  return full.map((name, index) => {
    const plain = (keep ? name : name.replace(/^[^:]*:/, '')) || `point ${index + 1}`;
    let free = plain;
    for (let copy = 2; used.has(free); copy++) free = `${plain} (${copy})`;
    used.add(free);
    return free;
  });
}

const VOLTAGES = new Set<Unit>(['V', 'mV', 'uV']);

function devicesOf(section: NexusSection, clock: string): Signals {
  const channels = section.names.map((name, column): SignalChannel => {
    const device = section.groups[column];
    const part = device.includes(' - ') ? device.slice(device.lastIndexOf(' - ') + 3) : device;
    const unit: Unit = (section.units[column] && unitOfText(section.units[column])) || '{arb}';
    // a bare number, or the axis of a plate, says too little alone
    const full = /^\d+$/.test(name) ? `${part}.${name}` : name;
    const muscle = muscleOf(part) ?? muscleOf(name);
    let quantity = quantityOf(full, unit);
    if (quantity === 'emg' && !VOLTAGES.has(unit)) quantity = 'other';
    if (quantity === 'other' && muscle && VOLTAGES.has(unit)) quantity = 'emg';
    if ((quantity === 'force' || quantity === 'moment') && VOLTAGES.has(unit)) quantity = 'other';
    const values = section.columns[column];
    const base = { name: full, unit, values, quantity };
    if (quantity === 'emg') return { ...base, ...muscle };
    if (quantity === 'other') return base;
    const axis = axisOf(name) ?? /[xyz]$/i.exec(name)?.[0].toLowerCase();
    return {
      ...base,
      sensor: part,
      ...(axis && { axis: axis as 'x' }),
      ...(quantity === 'force' ? {} : segmentOf(part)),
    };
  });
  const used = new Set<string>();
  for (const [column, channel] of channels.entries()) {
    const device = section.groups[column].split(' - ').at(-1) ?? '';
    if (used.has(channel.name)) channel.name = `${device}.${channel.name}`;
    used.add(channel.name);
  }
  return { clock, ...timeOf(section), channels };
}

/** Model outputs, joints and segments: angles by their unit, the rest as curves. */
function outputsOf(section: NexusSection, clock: string, keep: boolean): ArtifactDraft[] {
  const groups = keep ? section.groups : section.groups.map((name) => name.replace(/^[^:]*:/, ''));
  const channels = section.names.map((name, column): SignalChannel => {
    const unit: Unit = (section.units[column] && unitOfText(section.units[column])) || '{arb}';
    const axis = /^R?([XYZ])'*$/i.exec(name)?.[1].toLowerCase();
    const quantity =
      unit === 'deg' || unit === 'rad'
        ? 'angle'
        : unit === 'N'
          ? 'force'
          : /^N\.m/.test(unit)
            ? 'moment'
            : unit === 'mm'
              ? 'position'
              : 'other';
    return {
      name: `${groups[column]}.${name}`,
      unit,
      quantity,
      values: section.columns[column],
      ...(axis && { axis: axis as 'x' }),
    };
  });
  const base = { clock, ...timeOf(section) };
  const angles = channels.filter(({ quantity }) => quantity === 'angle');
  const others = channels.filter(({ quantity }) => quantity !== 'angle');
  const drafts: ArtifactDraft[] = [];
  if (angles.length) drafts.push({ kind: 'signal.angle', payload: { ...base, channels: angles }, name: 'Angles' });
  if (others.length)
    drafts.push({ kind: 'signal.measure', payload: { ...base, channels: others }, name: section.title });
  return drafts;
}

/** Rows of subject, context, name, time, description. */
function eventsOf({ cells }: NexusSection, clock: string): EventList {
  const events = cells.flatMap(([, context = '', label = '', time = '']) => {
    const timeS = Number(time.replace(',', '.'));
    if (!label || time === '' || !Number.isFinite(timeS)) return [];
    const side = /^left/i.test(context) ? ('left' as const) : /^right/i.test(context) ? ('right' as const) : undefined;
    return [{ label, timeS, ...(side && { side }) }];
  });
  return { clock, events: events.sort((a, b) => a.timeS - b.timeS) };
}
