/** Door: force, moment, centre of pressure and free moment of force plates, in the room; contacts and their numbers. */

import {
  type ArtifactDraft,
  type CapabilityResult,
  defineCapability,
  type EventList,
  type FeatureDraft,
  intervalFromSd,
  type QualityFlag,
  type SignalChannel,
  type Signals,
  sampleTimeS,
  type Uncertainty,
} from '../../model/index.ts';
import { type Contact, emptyPlate, findContacts, measureContact, type PlateNoise } from './contacts.ts';
import { GROUND_FEATURES } from './features.ts';
import { groundReactions, type PlateWrench } from './wrench.ts';

export { type Contact, type ContactMeasures, emptyPlate, findContacts, measureContact } from './contacts.ts';
export { GROUND_FEATURES } from './features.ts';
export { groundReactions, type PlateFrame, type PlateWrench, plateFrame, plateWrench } from './wrench.ts';

/** Contacts beyond which only the first are measured. */
const MOST_CONTACTS = 60;

/** Force, moment, centre of pressure and free moment of every plate as channels in the frame of the markers. */
function reactionSignals(signals: Signals, wrenches: readonly PlateWrench[]): Signals {
  const channels = wrenches.flatMap((wrench): SignalChannel[] => {
    const sensor = wrench.plate;
    const vector = (
      name: string,
      values: Float64Array,
      quantity: SignalChannel['quantity'],
      unit: SignalChannel['unit'],
    ) =>
      (['x', 'y', 'z'] as const).map((axis, part) => ({
        name: `${sensor} ${name} ${axis}`,
        unit,
        quantity,
        axis,
        sensor,
        values: Float32Array.from({ length: values.length / 3 }, (_, at) => values[3 * at + part]),
      }));
    return [
      ...vector('force', wrench.force, 'force', 'N'),
      ...vector('centre of pressure', wrench.pressureCentre, 'pressure-centre', 'mm'),
      ...vector('free moment', wrench.freeMoment, 'moment', 'N.mm'),
      ...vector('moment', wrench.moment, 'moment', 'N.mm'),
    ];
  });
  const { clock, startS, rateHz, timeS } = signals;
  return { clock, startS, rateHz, ...(timeS && { timeS }), channels };
}

interface Measured {
  contact: Contact;
  wrench: PlateWrench;
  noise?: PlateNoise;
  label: string;
}

function featuresOf(signals: Signals, { contact, wrench, noise, label }: Measured, thresholdN: number): FeatureDraft[] {
  const { rateHz } = signals;
  const measures = measureContact(wrench, contact, rateHz);
  const startS = sampleTimeS(signals, contact.start);
  const endS = sampleTimeS(signals, contact.end - 1);
  const unknown: Uncertainty = { kind: 'unknown', reason: 'The plate was never empty, so its noise is not known' };
  const sdN = noise ? Math.hypot(noise.sdN, noise.offsetN) : undefined;
  const values: [string, FeatureDraft['unit'], number, Uncertainty][] = [
    [
      'peakVerticalForce',
      'N',
      measures.peakN,
      sdN === undefined
        ? unknown
        : intervalFromSd(measures.peakN, sdN, 'Noise and offset of the empty plate; calibration not included'),
    ],
    ['contactTime', 's', measures.durationS, timeInterval(wrench, contact, rateHz, thresholdN)],
    [
      'pressurePathLength',
      'mm',
      measures.pathMm,
      { kind: 'interval', ...pathInterval(wrench, contact, sdN, measures.pathMm, measures.chordMm) },
    ],
    [
      'peakFreeMoment',
      'N.m',
      measures.freeMomentNm,
      { kind: 'unknown', reason: 'Depends on the calibration of the plate, which the recording does not tell' },
    ],
  ];
  const channels = signals.channels.filter(({ sensor }) => sensor === wrench.plate).map(({ name }) => name);
  return values.map(([id, unit, value, uncertainty]) => ({
    definition: `ground.${id}`,
    site: wrench.plate.replace(/\s+/g, ''),
    window: { label, startS, endS },
    value,
    unit,
    uncertainty,
    quality: contact.cut ? 0.4 : 1,
    method: `Vertical force from ${thresholdN} N`,
    evidence: [
      { role: { input: 'forces' }, locator: { channels, timeS: [startS, endS] } },
      { role: { output: 'reactions' }, locator: { timeS: [startS, endS] } },
    ],
  }));
}

/** Contact times at half and at one and a half times the threshold, and one sample. */
function timeInterval(wrench: PlateWrench, contact: Contact, rateHz: number, thresholdN: number): Uncertainty {
  const lengths = [0.5, 1.5].map((factor) => {
    const found = findContacts(wrench, rateHz, thresholdN * factor).find(
      ({ start, end }) => start < contact.end && end > contact.start,
    );
    return found ? (found.end - found.start) / rateHz : 0;
  });
  const value = (contact.end - contact.start) / rateHz;
  const low = Math.min(value, ...lengths) - 1 / rateHz;
  const high = Math.max(value, ...lengths) + 1 / rateHz;
  return {
    kind: 'interval',
    low: Math.max(0, low),
    high,
    sd: (high - low) / 2 / 1.645,
    method: 'Contact times at half and at one and a half times the threshold, and one sample',
  };
}

/** The path is never shorter than the way between its ends; noise of the forces lengthens it. */
function pathInterval(
  wrench: PlateWrench,
  { start, end }: Contact,
  sdN: number | undefined,
  pathMm: number,
  chordMm: number,
) {
  let sum = 0;
  for (let at = start; at < end; at++) sum += wrench.vertical[at];
  const meanN = sum / (end - start);
  // a force that is off by sd moves the centre of pressure by that part of its distance from the centre, taken as 200 mm
  const share = sdN === undefined ? 0.2 : Math.min(0.5, (2 * sdN) / Math.max(1, meanN));
  const [low, high] = [Math.max(chordMm, pathMm * (1 - share)), pathMm * (1 + share)];
  return {
    low,
    high,
    sd: (high - low) / 2 / 1.645,
    method: 'Noise of the plate beside the mean load; not below the chord',
  };
}

/** What acts on the force plates of a recording. */
export const forcePlates = defineCapability({
  id: 'force-plates',
  version: 1,
  title: 'Ground reactions',
  summary:
    'Turns the channels of force plates into force, moment, centre of pressure and free moment in the room, and finds when each plate was stood on.',
  scales: ['macro'],
  inputs: { forces: 'signal.force' },
  params: {
    thresholdN: {
      type: 'number',
      label: 'Contact from',
      unit: 'N',
      min: 1,
      max: 200,
      step: 1,
      default: 20,
      help: 'Vertical force from which a plate counts as stood on',
    },
  },
  outputs: { reactions: 'signal.force', contacts: 'events?' },
  features: GROUND_FEATURES,
  run(ctx, { forces }, { thresholdN }): CapabilityResult {
    const signals = forces.payload;
    const wrenches = groundReactions(signals, thresholdN);
    ctx.progress(0.5, `${wrenches.length} plates`);
    const measured: Measured[] = [];
    const quality: QualityFlag[] = [];
    for (const wrench of wrenches) {
      ctx.signal.throwIfAborted();
      const noise = emptyPlate(wrench, thresholdN);
      const contacts = findContacts(wrench, signals.rateHz, thresholdN);
      contacts.forEach((contact, index) => {
        measured.push({ contact, wrench, noise, label: `${wrench.plate} contact ${index + 1}` });
      });
      quality.push(...flagsOf(wrench, contacts, noise));
    }
    const kept = measured.slice(0, MOST_CONTACTS);
    if (kept.length < measured.length) {
      const message = `Of ${measured.length} contacts the first ${MOST_CONTACTS} were measured.`;
      quality.push({ code: 'ground.contacts', severity: 'info', message });
    }
    const reactions: ArtifactDraft<'signal.force'> = {
      kind: 'signal.force',
      payload: reactionSignals(signals, wrenches),
      name: 'Ground reactions',
      quality,
    };
    const outputs: CapabilityResult['outputs'] = { reactions };
    if (kept.length > 0) {
      const events: EventList = {
        clock: signals.clock,
        events: kept
          .map(({ contact, label }) => ({
            label,
            timeS: sampleTimeS(signals, contact.start),
            endS: sampleTimeS(signals, contact.end - 1),
          }))
          .sort((a, b) => a.timeS - b.timeS),
      };
      outputs.contacts = { kind: 'events', payload: events, name: 'Contacts' };
    }
    return { outputs, features: kept.flatMap((one) => featuresOf(signals, one, thresholdN)), quality };
  },
});

function flagsOf(wrench: PlateWrench, contacts: readonly Contact[], noise: PlateNoise | undefined): QualityFlag[] {
  const { plate, vertical } = wrench;
  const flags: QualityFlag[] = [];
  const lowest = vertical.reduce((least, value) => Math.min(least, value), 0);
  const highest = vertical.reduce((most, value) => Math.max(most, value), 0);
  if (-lowest > 50 && -lowest > 2 * highest)
    flags.push({
      code: 'ground.upside-down',
      severity: 'fault',
      where: plate,
      message: `The force of ${plate} points into the floor: its sign or its corners are the wrong way round.`,
    });
  if (noise && Math.abs(noise.offsetN) > 5)
    flags.push({
      code: 'ground.offset',
      severity: 'doubt',
      where: plate,
      message: `The empty ${plate} reads ${noise.offsetN.toFixed(1)} N; it was not zeroed. Nothing was taken off.`,
    });
  if (contacts.some(({ cut }) => cut))
    flags.push({
      code: 'ground.cut',
      severity: 'info',
      where: plate,
      message: `The recording begins or ends while someone stands on ${plate}; that contact is not whole.`,
    });
  return flags;
}
