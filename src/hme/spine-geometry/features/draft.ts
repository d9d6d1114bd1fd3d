/** Writes features: value, interval, posture, quality and the way back, in one place. */

import {
  type EvidenceDraft,
  type FeatureDefinition,
  type FeatureDraft,
  intervalFromSd,
  type Posture,
  type Vec3,
} from '../../../model/index.ts';
import type { Measured } from '../column/doubt.ts';

/** Where a number comes from. */
export interface Source {
  /** label value in the vertebrae map */
  label?: number;
  level?: string;
  /** points in the patient · mm */
  points?: Vec3[];
  /** ids in the landmarks output */
  landmarks?: string[];
  /** other input the number rests on */
  input?: string;
  /** other output the number lies in, with its index */
  output?: { role: string; index?: number };
}

/** Measures that have no sign. */
const NEVER_NEGATIVE =
  /\.(height|sliceHeight|volume|bodyVolume|bodyDepth|bodyWidth|cobb|curveAngle$|curveApexOffset|centreLine|maxCurv)/;

/** Collects features of one run. */
export class FeatureWriter {
  readonly features: FeatureDraft[] = [];
  private readonly dictionary: Map<string, FeatureDefinition>;
  private readonly posture: Posture;

  constructor(dictionary: readonly FeatureDefinition[], posture: Posture) {
    this.dictionary = new Map(dictionary.map((definition) => [definition.id, definition]));
    this.posture = posture;
  }

  /** A number with its standard deviation; `sd` 0 means exact. */
  number(id: string, level: string | undefined, measured: Measured, about: About): void {
    const interval = intervalFromSd(measured.value, measured.sd, about.doubt ?? DOUBT);
    // a length cannot be negative, whatever its spread
    if (interval.kind === 'interval' && NEVER_NEGATIVE.test(id) && measured.value >= 0)
      interval.low = Math.max(0, interval.low);
    this.push(id, level, measured.value, about, interval);
  }

  /** A class, as text. */
  text(id: string, level: string | undefined, value: string, about: About): void {
    this.push(id, level, value, about, {
      kind: 'unknown',
      reason: about.doubt ?? 'A class; see the number it comes from.',
    });
  }

  /** A gap that says why. */
  missing(id: string, level: string | undefined, reason: string, about: About): void {
    this.push(id, level, null, { ...about, quality: 0 }, { kind: 'unknown', reason }, reason);
  }

  private push(
    id: string,
    level: string | undefined,
    value: FeatureDraft['value'],
    about: About,
    uncertainty: FeatureDraft['uncertainty'],
    missing?: string,
  ): void {
    const definition = this.dictionary.get(id);
    if (!definition) throw new RangeError(`feature ${id} has no definition`);
    this.features.push({
      definition: id,
      level,
      value,
      missing,
      unit: definition.unit,
      uncertainty,
      posture: this.posture,
      quality: Math.round(100 * Math.min(1, Math.max(0, about.quality))) / 100,
      method: about.method,
      evidence: evidenceOf(about.source),
    });
  }
}

/** How a number was got. */
export interface About {
  quality: number;
  method: string;
  source: Source;
  doubt?: string;
}

/** How intervals of endplate measures are got. */
const DOUBT =
  "Likelihood of the label's voxels along the endplates, boundary roughness pooled over the label map, first-order propagation";

function evidenceOf(source: Source): EvidenceDraft[] {
  const { label, level, points, landmarks, input, output } = source;
  const evidence: EvidenceDraft[] = [{ role: { input: input ?? 'vertebrae' }, locator: { label, level, points } }];
  if (landmarks?.length) evidence.push({ role: { output: 'landmarks' }, locator: { landmarks, level, points } });
  if (output) evidence.push({ role: { output: output.role, index: output.index }, locator: { level } });
  return evidence;
}
