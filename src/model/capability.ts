/**
 * A capability is data plus one function: inputs, parameters with units and ranges, outputs, features, `run`.
 *
 * Capabilities are pure: model objects in, model objects out, everything else through `Ctx`.
 */

import { ArgumentError } from './errors.ts';
import type { Scale } from './record/acquisition.ts';
import type { ArtifactDraft, ArtifactKind, ArtifactValue } from './record/artifact.ts';
import type { FeatureDefinition, FeatureDraft } from './record/feature.ts';
import type { ParamValue, ParamValues } from './record/provenance.ts';
import type { QualityFlag } from './record/quality.ts';
import type { Unit } from './units.ts';

/** Everything a capability gets that is not its input. */
export interface Ctx {
  /** aborted when the user cancels; long loops call `signal.throwIfAborted()` */
  signal: AbortSignal;
  /** @param fraction - 0 to 1 */
  progress(fraction: number, message?: string): void;
  log(message: string): void;
  /** uniform in [0, 1), seeded from the provenance */
  rng(): number;
}

/**
 * `volume.*` takes any volume, `sequence.points` markers and skeletons; `?` marks an optional input, `[]` a list of at least one,
 * `[]?` a list that may be absent.
 */
export type KindPattern =
  | ArtifactKind
  | 'volume.*'
  | 'labelmap.*'
  | 'mesh.*'
  | 'signal.*'
  | 'sequence.*'
  | 'sequence.points';
export type InputSpec = KindPattern | `${KindPattern}?` | `${KindPattern}[]` | `${KindPattern}[]?`;

type KindsOf<P extends string> = P extends 'sequence.points'
  ? 'sequence.markers' | 'sequence.skeleton'
  : P extends `${infer Family}.*`
    ? Extract<ArtifactKind, `${Family}.${string}`>
    : P extends ArtifactKind
      ? P
      : never;

export type InputValue<S extends string> = S extends `${infer P}[]?`
  ? ArtifactValue<KindsOf<P>>[] | undefined
  : S extends `${infer P}[]`
    ? ArtifactValue<KindsOf<P>>[]
    : S extends `${infer P}?`
      ? ArtifactValue<KindsOf<P>> | undefined
      : ArtifactValue<KindsOf<S>>;

export type InputValues<I extends Record<string, InputSpec>> = { [K in keyof I]: InputValue<I[K]> };

export type ParamSpec =
  | {
      type: 'number';
      label: string;
      unit: Unit;
      min: number;
      max: number;
      step?: number;
      default: number;
      help?: string;
    }
  | { type: 'choice'; label: string; options: readonly string[]; default: string; help?: string }
  | { type: 'boolean'; label: string; default: boolean; help?: string }
  | { type: 'text'; label: string; default: string; help?: string };

type ParamType<S extends ParamSpec> = S extends { type: 'number' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { type: 'choice'; options: readonly (infer O)[] }
      ? O
      : string;

export type ParamTypes<P extends Record<string, ParamSpec>> = { [K in keyof P]: ParamType<P[K]> };

/** What a run of a capability gives back. */
export interface CapabilityResult {
  /** output role → one draft or a list of drafts */
  outputs: Record<string, ArtifactDraft | ArtifactDraft[]>;
  features: FeatureDraft[];
  /** doubts about the run as a whole */
  quality?: QualityFlag[];
}

/** A capability: what it takes, what it gives, and the function between. */
export interface Capability<
  I extends Record<string, InputSpec> = Record<string, InputSpec>,
  P extends Record<string, ParamSpec> = Record<string, ParamSpec>,
> {
  id: string;
  /** rises when results change */
  version: number;
  title: string;
  /** one sentence: what comes out and what it is for */
  summary: string;
  scales: Scale[];
  inputs: I;
  params: P;
  /** output role → kind, `[]` for a list, `?` when it may be absent */
  outputs: Record<string, InputSpec>;
  features: readonly FeatureDefinition[];
  /** false: runs only when asked, never by the planner of a build */
  automatic?: boolean;
  run(ctx: Ctx, inputs: InputValues<I>, params: ParamTypes<P>): CapabilityResult | Promise<CapabilityResult>;
}

/** Types a capability's `run` from its own descriptor. */
export function defineCapability<const I extends Record<string, InputSpec>, const P extends Record<string, ParamSpec>>(
  capability: Capability<I, P>,
): Capability<I, P> {
  return capability;
}

/** A capability whose input and parameter types have been forgotten, as lists hold it. */
export type AnyCapability = Omit<Capability, 'run'> & {
  run(ctx: Ctx, inputs: never, params: never): CapabilityResult | Promise<CapabilityResult>;
};

/** An input or output specification, taken apart. */
export interface ParsedInputSpec {
  pattern: KindPattern;
  list: boolean;
  optional: boolean;
}

/**
 * Takes an input or output specification apart.
 * @example parseInputSpec('mesh.vertebra[]?') // { pattern: 'mesh.vertebra', list: true, optional: true }
 */
export function parseInputSpec(spec: string): ParsedInputSpec {
  const optional = spec.endsWith('?');
  const body = optional ? spec.slice(0, -1) : spec;
  const list = body.endsWith('[]');
  return { pattern: (list ? body.slice(0, -2) : body) as KindPattern, list, optional };
}

/**
 * True when an artifact kind satisfies a pattern.
 * @example kindMatches('volume.ct', 'volume.*') // true
 * @example kindMatches('sequence.mesh', 'sequence.points') // false
 */
export function kindMatches(kind: ArtifactKind, pattern: KindPattern): boolean {
  if (pattern === 'sequence.points') return kind === 'sequence.markers' || kind === 'sequence.skeleton';
  return pattern.endsWith('.*') ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern;
}

/**
 * Completes given parameters with defaults and checks type and range.
 * @throws ArgumentError unknown name, wrong type, out of range
 */
export function resolveParams(specs: Record<string, ParamSpec>, given: ParamValues): ParamValues {
  for (const name of Object.keys(given)) {
    if (!(name in specs))
      throw new ArgumentError(`parameter ${name}`, given[name], `one of ${Object.keys(specs).join(', ') || 'none'}`);
  }
  const resolved: ParamValues = {};
  for (const [name, spec] of Object.entries(specs)) resolved[name] = resolveParam(name, spec, given[name]);
  return resolved;
}

function resolveParam(name: string, spec: ParamSpec, given: ParamValue | undefined): ParamValue {
  if (given === undefined) return spec.default;
  switch (spec.type) {
    case 'number': {
      const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
      if (typeof value !== 'number' || !(value >= spec.min && value <= spec.max)) {
        throw new ArgumentError(`parameter ${name}`, given, `a number from ${spec.min} to ${spec.max} ${spec.unit}`);
      }
      return value;
    }
    case 'boolean': {
      const value = given === 'true' ? true : given === 'false' ? false : given;
      if (typeof value !== 'boolean') throw new ArgumentError(`parameter ${name}`, given, 'true or false');
      return value;
    }
    case 'choice':
      if (!spec.options.includes(String(given)))
        throw new ArgumentError(`parameter ${name}`, given, `one of ${spec.options.join(', ')}`);
      return String(given);
    case 'text':
      return String(given);
  }
}
