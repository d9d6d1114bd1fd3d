/** Runs one capability on values in memory: checks inputs and parameters, seeds chance, refuses features that could mislead. */

import { createRandom } from '../../kernel/index.ts';
import {
  type AnyCapability,
  ArgumentError,
  type ArtifactDraft,
  type ArtifactValue,
  assertFeature,
  type CapabilityResult,
  type Ctx,
  type FeatureDraft,
  kindMatches,
  MsdtError,
  type ParamValues,
  parseInputSpec,
  type QualityFlag,
  resolveParams,
} from '../../model/index.ts';

/** Input role → values. */
export type BoundInputs = Record<string, ArtifactValue[]>;

export interface ExecuteHooks {
  signal: AbortSignal;
  progress(fraction: number, message?: string): void;
  log(message: string): void;
}

export interface OutputDraft {
  role: string;
  index: number;
  draft: ArtifactDraft;
}

export interface ExecuteResult {
  outputs: OutputDraft[];
  features: FeatureDraft[];
  quality: QualityFlag[];
  params: ParamValues;
}

/**
 * Runs a capability.
 * @param seed - seeds `ctx.rng`; the same seed and inputs give the same bits
 * @throws MsdtError `input.missing` when a required input is absent; whatever the capability throws
 */
export async function executeCapability(
  capability: AnyCapability,
  inputs: BoundInputs,
  given: ParamValues,
  seed: number,
  hooks: ExecuteHooks,
): Promise<ExecuteResult> {
  const params = resolveParams(capability.params, given);
  const arranged = arrangeInputs(capability, inputs);
  const random = createRandom(seed);
  const ctx: Ctx = { ...hooks, rng: () => random.uniform() };
  hooks.signal.throwIfAborted();
  const run = capability.run as (
    ctx: Ctx,
    inputs: unknown,
    params: unknown,
  ) => CapabilityResult | Promise<CapabilityResult>;
  const result = await run(ctx, arranged, params);
  hooks.signal.throwIfAborted();
  checkFeatures(capability, result.features);
  return {
    outputs: flattenOutputs(capability, result),
    features: result.features,
    quality: result.quality ?? [],
    params,
  };
}

function arrangeInputs(capability: AnyCapability, inputs: BoundInputs): Record<string, unknown> {
  for (const role of Object.keys(inputs)) {
    if (!(role in capability.inputs)) {
      throw new ArgumentError(
        `input ${role}`,
        role,
        `one of ${Object.keys(capability.inputs).join(', ')} for ${capability.id}`,
      );
    }
  }
  const arranged: Record<string, unknown> = {};
  for (const [role, text] of Object.entries(capability.inputs)) {
    const spec = parseInputSpec(text);
    const values = inputs[role] ?? [];
    for (const value of values) {
      if (!kindMatches(value.kind, spec.pattern)) {
        throw new MsdtError('input.missing', `${capability.title} cannot use a ${value.kind} as "${role}"`, {
          where: { file: value.name },
          detail: `"${role}" takes ${spec.pattern}`,
          hint: `Give ${spec.pattern}; \`msdt run --list\` shows what each capability takes.`,
        });
      }
    }
    if (values.length === 0 && !spec.optional) {
      throw new MsdtError('input.missing', `${capability.title} needs "${role}"`, {
        detail: `"${role}" takes ${spec.pattern}`,
        hint: `Add an acquisition that gives ${spec.pattern}, or name a file with --in ${role}=FILE.`,
      });
    }
    arranged[role] = spec.list ? (values.length ? values : undefined) : values[0];
  }
  return arranged;
}

function flattenOutputs(capability: AnyCapability, result: CapabilityResult): OutputDraft[] {
  const flat: OutputDraft[] = [];
  for (const [role, value] of Object.entries(result.outputs)) {
    if (value === undefined) continue;
    if (!(role in capability.outputs))
      throw new ArgumentError(`${capability.id} output`, role, Object.keys(capability.outputs).join(', '));
    const drafts = Array.isArray(value) ? value : [value];
    drafts.forEach((draft, index) => {
      flat.push({ role, index, draft });
    });
  }
  return flat;
}

function checkFeatures(capability: AnyCapability, features: readonly FeatureDraft[]): void {
  const dictionary = new Map(capability.features.map((definition) => [definition.id, definition]));
  for (const feature of features) assertFeature(feature, dictionary.get(feature.definition));
}
