/** One number or class a clinician can read, with unit, doubt, method and the way back. */

import { ArgumentError } from '../errors.ts';
import type { Vec3 } from '../geometry/frames.ts';
import type { Unit } from '../units.ts';
import type { Posture, Scale } from './acquisition.ts';

/** Dictionary entry: what a feature means. */
export interface FeatureDefinition {
  /** `structure.measure`, without level or side: `disc.heightMiddle` */
  id: string;
  name: string;
  unit: Unit;
  scale: Scale;
  /** one or two sentences: which landmarks, which plane, which sign */
  definition: string;
  /** where the definition comes from */
  source: string;
  /** true when the value is an angle of posture and must never be compared across postures unmarked */
  postural?: boolean;
  reference?: ReferenceRange[];
  code?: { system: 'SNOMED' | 'LOINC'; code: string };
}

/** Range of values in people who were measured, and who they were. */
export interface ReferenceRange {
  low: number;
  high: number;
  /** posture the range was measured in */
  posture?: Posture;
  level?: string;
  /** who was measured, and the reference */
  source: string;
}

/** Doubt of a feature: a 90 % interval with how it was got, or a reason why it is unknown. */
export type Uncertainty =
  | { kind: 'interval'; low: number; high: number; sd: number; method: string }
  | { kind: 'exact'; method: string }
  | { kind: 'unknown'; reason: string };

/** Place inside an artifact that a number came from. */
export interface Locator {
  xyz?: Vec3;
  /** several points, e.g. the two ends of a height */
  points?: Vec3[];
  /** label value */
  label?: number;
  level?: string;
  /** ids of landmarks or planes in a landmarks artifact */
  landmarks?: string[];
  /** row of a table, or fact of a record, counted from 0 */
  row?: number;
  /** way back into the source file of a record: `entry[12]`, `row 7, column ODI` */
  place?: string;
  slice?: { axis: 0 | 1 | 2; index: number };
  /** names of channels or points of a recording */
  channels?: string[];
  /** stretch of a recording · s of its clock */
  timeS?: [from: number, to: number];
}

/** Way back, as a capability writes it: by role; the runtime turns roles into artifact ids. */
export interface EvidenceDraft {
  /** `index`: place in a list of inputs or outputs; the first where it is absent */
  role: { input: string; index?: number } | { output: string; index?: number };
  locator: Locator;
}

/** Way back of a feature, by artifact id. */
export interface Evidence {
  artifact: string;
  locator: Locator;
}

interface FeatureCore {
  /** dictionary id */
  definition: string;
  /** muscle, joint or segment, where the definition serves several: `erectorSpinae`, `knee` */
  site?: string;
  level?: string;
  side?: 'left' | 'right';
  /** what the subject was doing: `flexion-relaxation`, `gait` */
  task?: string;
  /** stretch of the recording it describes; absent for the whole · s of the recording's clock */
  window?: { label: string; startS: number; endS: number };
  /** null: could not be measured; `missing` says why */
  value: number | string | null;
  missing?: string;
  unit: Unit;
  uncertainty: Uncertainty;
  posture?: Posture;
  /** 0 (worthless) to 1 (as good as the method gets) */
  quality: number;
  method: string;
}

/** A feature as a capability returns it. */
export interface FeatureDraft extends FeatureCore {
  evidence: EvidenceDraft[];
}

/** A feature as the twin holds it. */
export interface Feature extends FeatureCore {
  id: string;
  /** id of the run that made it (equals the artifact id of its siblings) */
  run: string;
  capability: string;
  version: number;
  /** ISO 8601 · when it was true of the patient */
  validAt?: string;
  /** ISO 8601 · when the twin knew it */
  knownAt: string;
  evidence: Evidence[];
  synthetic: boolean;
}

/**
 * Full id of a feature: `structure.measure[.site][.level][.side][@window]`.
 * @example featureId({ definition: 'disc.heightMiddle', level: 'L4-L5' }) // 'disc.heightMiddle.L4-L5'
 * @example featureId({ definition: 'emg.rms', site: 'erectorSpinae', level: 'L4', side: 'left' }) // 'emg.rms.erectorSpinae.L4.left'
 */
export function featureId(feature: {
  definition: string;
  site?: string;
  level?: string;
  side?: string;
  window?: { label: string };
}): string {
  const id = [feature.definition, feature.site, feature.level, feature.side].filter(Boolean).join('.');
  return feature.window ? `${id}@${feature.window.label}` : id;
}

/** Two-sided 90 % interval of a normal error. */
export function intervalFromSd(value: number, sd: number, method: string): Uncertainty {
  const half = 1.6448536269514722 * sd;
  return { kind: 'interval', low: value - half, high: value + half, sd, method };
}

/**
 * Refuses a feature that could mislead: no unit, no evidence, no uncertainty, a silent gap.
 * @throws ArgumentError names what is missing
 */
export function assertFeature(feature: FeatureDraft, definition: FeatureDefinition | undefined): void {
  const id = featureId(feature);
  if (!definition) throw new ArgumentError('feature.definition', id, 'an id of the feature dictionary');
  if (feature.unit !== definition.unit) throw new ArgumentError(`${id}.unit`, feature.unit, definition.unit);
  if (feature.evidence.length === 0) throw new ArgumentError(`${id}.evidence`, 'none', 'at least one way back');
  if (feature.value === null && !feature.missing)
    throw new ArgumentError(`${id}.missing`, 'nothing', 'a reason for the gap');
  if (typeof feature.value === 'number' && !Number.isFinite(feature.value))
    throw new ArgumentError(id, feature.value, 'a finite number or null');
  if (feature.uncertainty.kind === 'unknown' && !feature.uncertainty.reason)
    throw new ArgumentError(`${id}.uncertainty`, 'no reason', 'why it is unknown');
  if (definition.postural && !feature.posture)
    throw new ArgumentError(`${id}.posture`, 'none', 'the posture it was measured in');
}
