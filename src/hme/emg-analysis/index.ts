/** Door: activity, frequencies, fatigue and coordination of muscles from surface electromyography. */

import {
  type ArtifactValue,
  type CapabilityResult,
  type Clocks,
  type Ctx,
  defineCapability,
  type FeatureDraft,
  type QualityFlag,
} from '../../model/index.ts';
import { type CleanOptions, type CleanRecording, cleanRecording } from './clean/clean.ts';
import { isUneven, openRecording } from './clean/recording.ts';
import { EMG_FEATURES } from './features.ts';
import { bendsOfAngle, bendsOfEvents } from './measure/bending.ts';
import {
  type ChannelOptions,
  type MeasuredChannel,
  measureChannel,
  measureStretch,
  type Stretch,
} from './measure/channel.ts';
import { measureFatigue } from './measure/fatigue.ts';
import { angleOnClock, eventsOnClock } from './measure/on-clock.ts';
import { referencesOf } from './measure/reference.ts';
import { phasesOf, type Stretches, stretchesOf } from './measure/stretches.ts';
import type { Telling } from './tell/draft.ts';
import { channelFlags, recordingFlags } from './tell/flags.ts';
import { outputsOf } from './tell/outputs.ts';
import { type ChannelTelling, tellActivity, tellFatigue, tellRecorded, tellStretch } from './tell/tell-channel.ts';
import { tellBends, tellEffort } from './tell/tell-movement.ts';
import { tellPairs } from './tell/tell-pairs.ts';

export { type CleanOptions, type CleanRecording, type CleanTrace, cleanRecording } from './clean/clean.ts';
export { openRecording } from './clean/recording.ts';
export { EMG_FEATURES } from './features.ts';
export { measureFatigue } from './measure/fatigue.ts';
export { measureClassicFatigue, measureRecorded } from './measure/recorded.ts';
export { measureTimeCourse } from './measure/time-course.ts';
export {
  type BendingSimulation,
  type EmgSimulation,
  type EmgTruth,
  type SimulatedElectrode,
  simulateBending,
  simulateEmg,
} from './simulate.ts';

/** Everything measured of the channels of one recording. */
interface Measured {
  recording: CleanRecording;
  channels: MeasuredChannel[];
  references: (number | undefined)[];
  telling: Telling;
  rng: () => number;
}

/** Muscle activity from surface electromyography. */
export const emgAnalysis = defineCapability({
  id: 'emg-analysis',
  version: 1,
  title: 'Muscle activity',
  summary:
    'Amplitude, frequencies, fatigue, bursts and coordination of muscles from surface electromyography, with drop-outs, hum and heart found and told.',
  scales: ['macro'],
  inputs: {
    recording: 'signal.emg',
    events: 'events?',
    mvc: 'signal.emg?',
    angle: 'signal.angle?',
    clocks: 'clocks?',
  },
  params: {
    lowHz: {
      type: 'number',
      label: 'Lower end of the band',
      unit: 'Hz',
      min: 5,
      max: 80,
      step: 1,
      default: 20,
      help: 'Movement and drift lie below.',
    },
    highHz: {
      type: 'number',
      label: 'Upper end of the band',
      unit: 'Hz',
      min: 90,
      max: 1000,
      step: 10,
      default: 450,
      help: 'At most 45 % of the sampling rate is used.',
    },
    mains: {
      type: 'choice',
      label: 'Mains hum',
      options: ['auto', '50', '60', 'none'],
      default: 'auto',
      help: 'Taken out only where it stands three times above its neighbourhood.',
    },
    ecg: {
      type: 'choice',
      label: 'Heart',
      options: ['auto', 'template', 'high-pass', 'none'],
      default: 'auto',
      help: 'auto: where a heart beats in the recording its mean shape is taken out. template: otherwise everything below 30 Hz is.',
    },
    windowS: {
      type: 'number',
      label: 'Spectral window',
      unit: 's',
      min: 0.25,
      max: 4,
      step: 0.25,
      default: 1,
    },
    restSds: {
      type: 'number',
      label: 'Burst threshold above rest',
      unit: '1',
      min: 2,
      max: 20,
      step: 0.5,
      default: 3,
      help: 'Standard deviations of the quietest second.',
    },
    leastBurstMs: {
      type: 'number',
      label: 'Shortest burst',
      unit: 'ms',
      min: 10,
      max: 1000,
      step: 10,
      default: 50,
    },
    reference: {
      type: 'choice',
      label: 'Reference contraction',
      options: ['named', 'given'],
      default: 'named',
      help: 'named: the second recording is used when it calls itself MVC, maximal or reference. given: it is used.',
    },
  },
  outputs: {
    envelope: 'signal.measure',
    amplitude: 'signal.measure',
    frequency: 'signal.measure',
    bursts: 'events?',
    spectra: 'table.record',
    windows: 'table.record',
  },
  features: EMG_FEATURES,
  async run(ctx, inputs, params): Promise<CapabilityResult> {
    const options: CleanOptions = {
      lowHz: params.lowHz,
      highHz: params.highHz,
      mains: params.mains,
      ecg: params.ecg,
    };
    const perChannel: ChannelOptions = {
      windowS: params.windowS,
      restSds: params.restSds,
      leastS: params.leastBurstMs / 1000,
    };
    const measured = measureAll(ctx, inputs.recording, { options, perChannel });
    const { recording, channels } = measured;
    const quality = [
      ...recordingFlags(recording, options),
      ...channels.flatMap((channel) => channelFlags(channel, recording.rateHz, recording.voltage)),
    ];
    if (isUneven(inputs.recording.payload)) quality.push(UNEVEN);
    measured.references = referencesOf(inputs.mvc, {
      recording,
      channels,
      options,
      reference: params.reference,
      quality,
    });
    ctx.progress(0.75, 'telling');
    const events = eventsOnClock(inputs.events?.payload, recording.clock, inputs.clocks?.payload, quality);
    const phases = phasesOf(events, recording, quality);
    const stretches = channels.map((channel) => ({
      whole: measureStretch(recording, channel, [recording.startS, recording.endS], ctx.rng),
      phases: phases.map(({ span }) => measureStretch(recording, channel, span, ctx.rng)),
    }));
    const features = [
      ...tellChannels(measured, { phases, stretches, perChannel }),
      ...tellComparisons(measured, { phases, stretches }),
      ...tellMovement(measured, { angle: inputs.angle, events, clocks: inputs.clocks?.payload, quality }),
    ];
    ctx.progress(0.95, `${features.length} features`);
    return { outputs: outputsOf(recording, channels, quality), features, quality };
  },
});

const UNEVEN: QualityFlag = {
  code: 'emg.time-uneven',
  severity: 'doubt',
  message: 'The time stamps of the file jump; samples were taken as evenly spaced, so times after a jump are off.',
};

function measureAll(
  ctx: Ctx,
  value: ArtifactValue<'signal.emg'>,
  { options, perChannel }: { options: CleanOptions; perChannel: ChannelOptions },
): Measured {
  const opened = openRecording(value);
  const recording = cleanRecording(opened, options, (done) => {
    ctx.signal.throwIfAborted();
    ctx.progress(0.4 * done, 'cleaning');
  });
  const channels = recording.traces.map((trace, k) => {
    ctx.signal.throwIfAborted();
    ctx.progress(0.4 + (0.3 * k) / recording.traces.length, `measuring ${trace.name}`);
    return measureChannel(recording, trace, perChannel);
  });
  const task = value.metadata?.task;
  const telling: Telling = {
    ...(value.posture ? { posture: value.posture } : {}),
    ...(typeof task === 'string' && task ? { task } : {}),
  };
  return { recording, channels, references: channels.map(() => undefined), telling, rng: ctx.rng };
}

/** Share of a whole recording's windows that must be active before it tells fatigue */
const LEAST_ACTIVE = 0.5;
/** Phases over which channels are compared at most */
const MOST_COMPARED = 6;

interface Told {
  phases: Stretches;
  /** of each channel */
  stretches: readonly { whole: Stretch; phases: Stretch[] }[];
}

/** Whole recording, its phases and holds, channel by channel. */
function tellChannels(
  { recording, channels, references, telling, rng }: Measured,
  { phases, stretches, perChannel }: Told & { perChannel: ChannelOptions },
): FeatureDraft[] {
  const { startS, endS, rateHz, voltage } = recording;
  return channels.flatMap((channel, k) => {
    const about: ChannelTelling = { channel, voltage, timeS: [startS, endS], ...telling };
    const features = [
      ...tellStretch(about, stretches[k].whole, references[k]),
      ...tellActivity(about, rateHz, perChannel),
      ...tellRecorded(about, recording),
    ];
    phases.forEach(({ label, span }, at) => {
      const phase = { ...about, timeS: span, window: label };
      features.push(...tellStretch(phase, stretches[k].phases[at], references[k]));
    });
    for (const { label, span } of stretchesOf(recording, channel, phases)) {
      const within = channel.course.windows.filter((w) => w.startS >= span[0] - 1e-9 && w.endS <= span[1] + 1e-9);
      const fatigue = measureFatigue(within, rng);
      // a whole recording that is mostly rest, or changes its task, says nothing of fatigue
      if (!label && fatigue && fatigue.windows < LEAST_ACTIVE * within.length) continue;
      if (fatigue) features.push(...tellFatigue({ ...about, ...(label ? { window: label } : {}) }, fatigue));
    }
    return features;
  });
}

/** Pairs of channels over the whole recording and over each phase. */
function tellComparisons(
  { recording, channels, references, telling }: Measured,
  { phases, stretches }: Told,
): FeatureDraft[] {
  const { startS, endS } = recording;
  const over = (timeS: [number, number], of: (k: number) => Stretch, window?: string): FeatureDraft[] => {
    const members = channels.map((channel, k) => ({ channel, stretch: of(k), reference: references[k] }));
    return tellPairs(members, { ...telling, startS, timeS, ...(window ? { window } : {}) });
  };
  return [
    ...over([startS, endS], (k) => stretches[k].whole),
    ...phases
      .slice(0, MOST_COMPARED)
      .flatMap(({ label, span }, at) => over(span, (k) => stretches[k].phases[at], label)),
  ];
}

interface Movement {
  angle: ArtifactValue<'signal.angle'> | undefined;
  events: ReturnType<typeof eventsOnClock>;
  clocks: Clocks | undefined;
  quality: QualityFlag[];
}

/** Bends and effort where phases or an angle are known. */
function tellMovement(measured: Measured, { angle, events, clocks, quality }: Movement): FeatureDraft[] {
  const { recording, channels, telling } = measured;
  const course = angleOnClock(angle?.payload, recording.clock, clocks, quality);
  const named = events ? bendsOfEvents(events) : [];
  const bends = named.length || !course ? named : bendsOfAngle(course);
  const { startS, rateHz, voltage } = recording;
  const about = {
    ...telling,
    startS,
    rateHz,
    voltage,
    source: named.length ? ('events' as const) : ('angle' as const),
  };
  return channels.flatMap((channel) => [
    ...(bends.length ? tellBends(channel, bends, about) : []),
    ...(course ? tellEffort(channel, course, about) : []),
  ]);
}
