/**
 * Door: one clock for all recordings of a twin.
 *
 * Trigger edges, then events of one name, then the speed at which segments turn; offset and drift of each clock to one reference, with
 * deviation, quality and a person's nudge. What was tried stands in NOTES.md.
 */

import {
  type ArtifactDraft,
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  intervalFromSd,
  type Uncertainty,
} from '../../model/index.ts';
import { type AlignOptions, alignClocks, parseNudges } from './align.ts';
import { type ClockCues, gatherCues } from './cues.ts';
import { CLOCK_FEATURES } from './features.ts';

export { type AlignOptions, alignClocks, parseNudges } from './align.ts';
export { type ClockCues, gatherCues } from './cues.ts';
export { CLOCK_FEATURES } from './features.ts';

function featuresOf(result: ReturnType<typeof alignClocks>, cues: readonly ClockCues[]): FeatureDraft[] {
  return result.clocks.maps.flatMap((map) => {
    const sources = cues.find(({ clock }) => clock === map.from)?.inputs ?? [];
    const interval = (value: number, sd: number | undefined): Uncertainty =>
      sd === undefined
        ? {
            kind: 'unknown',
            reason:
              map.method === 'assumed'
                ? 'nothing to compare'
                : 'a single mark, or too short a stretch, shows no spread',
          }
        : intervalFromSd(value, sd, map.basis);
    const shared = {
      site: map.from,
      quality: map.quality,
      method: `${map.method}: ${map.basis}`,
      evidence: [{ role: { output: 'clocks' }, locator: {} }, ...sources.map((role) => ({ role, locator: {} }))],
    };
    return [
      {
        definition: 'clock.offset',
        value: map.offsetS,
        unit: 's',
        uncertainty: interval(map.offsetS, map.offsetSdS),
        ...shared,
      },
      {
        definition: 'clock.drift',
        value: map.driftPpm,
        unit: '[ppm]',
        uncertainty: interval(map.driftPpm, map.driftSdPpm),
        ...shared,
      },
      {
        definition: 'clock.quality',
        value: map.quality,
        unit: '1',
        uncertainty: { kind: 'exact', method: 'a score, not a measurement' },
        ...shared,
      },
    ] as FeatureDraft[];
  });
}

/** Puts the recordings of a twin on one clock. */
export const clockAlignment = defineCapability({
  id: 'clock-alignment',
  version: 2,
  title: 'Clocks',
  summary:
    'Offset and drift of every recording’s clock to one reference, by trigger, shared events or motion, with deviation and quality.',
  scales: ['macro'],
  inputs: { signals: 'signal.*[]?', sequences: 'sequence.points[]?', events: 'events[]?' },
  params: {
    method: { type: 'choice', label: 'Method', options: ['auto', 'trigger', 'event', 'correlation'], default: 'auto' },
    reference: {
      type: 'text',
      label: 'Reference clock',
      default: '',
      help: 'name of a clock; the longest recording when empty',
    },
    maxOffsetS: { type: 'number', label: 'Largest offset', unit: 's', min: 0.1, max: 3600, default: 60 },
    drift: { type: 'boolean', label: 'Estimate drift', default: true },
    nudges: {
      type: 'text',
      label: 'Nudges by hand',
      default: '',
      help: 'seconds added to the offset of a clock, separated by semicolons: imu=0.012; video=-0.03',
    },
  },
  outputs: { clocks: 'clocks' },
  features: CLOCK_FEATURES,
  run(ctx, inputs, params): CapabilityResult {
    const nudgesS = parseNudges(params.nudges);
    ctx.progress(0.1, 'looking for what the clocks share');
    const cues = gatherCues(inputs);
    ctx.signal.throwIfAborted();
    const options: AlignOptions = {
      method: params.method as AlignOptions['method'],
      reference: params.reference.trim(),
      maxOffsetS: params.maxOffsetS,
      drift: params.drift,
      nudgesS,
    };
    const result = alignClocks(cues, options);
    ctx.progress(0.9, `${result.clocks.maps.length} clocks on ${result.clocks.reference}`);
    const clocks: ArtifactDraft<'clocks'> = {
      kind: 'clocks',
      payload: result.clocks,
      name: 'Clocks',
      quality: result.quality,
    };
    return {
      outputs: { clocks: clocks as ArtifactDraft },
      features: featuresOf(result, cues),
      quality: result.quality,
    };
  },
});
