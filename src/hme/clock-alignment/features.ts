/** What the numbers of clocks mean. */

import type { FeatureDefinition } from '../../model/index.ts';

/** Dictionary of clock maps; the site of a feature is the name of the clock. */
export const CLOCK_FEATURES: readonly FeatureDefinition[] = [
  {
    id: 'clock.offset',
    name: 'Clock offset',
    unit: 's',
    scale: 'macro',
    definition:
      'What is added to a time of this clock at its zero to get the time of the reference clock, a person’s nudge included.',
    source: 'Edges of a trigger, shared events, or cross-correlation of angular speed with a parabola through the peak',
  },
  {
    id: 'clock.drift',
    name: 'Clock drift',
    unit: '[ppm]',
    scale: 'macro',
    definition: 'How much longer a second of this clock is than one of the reference clock, in millionths.',
    source: 'Robust line through offsets along the recording (Tukey’s biweight)',
  },
  {
    id: 'clock.quality',
    name: 'Quality of a clock map',
    unit: '1',
    scale: 'macro',
    definition:
      'From 0 (worthless) to 1: how many marks agree, or how high and how single the peak of the correlation is.',
    source: 'See the notes of clock alignment',
  },
];
