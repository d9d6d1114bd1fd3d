/**
 * The seam of capabilities, held for every one of the catalogue on the virtual subject: it says what it is, gives what it
 * declares, the same twice, leaves its inputs alone, moves forward only, and its numbers can be followed back.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue.ts';
import {
  type AnyCapability,
  ARTIFACT_KINDS,
  type ArtifactValue,
  kindMatches,
  parseInputSpec,
  resolveParams,
  UNIT_TEXT,
} from '../../src/model/index.ts';
import { inBuildOrder } from '../../src/runtime/plan/planner.ts';
import { type BoundInputs, type ExecuteResult, executeCapability } from '../../src/runtime/workers/execute.ts';
import { firstArtifacts } from '../support/capability-samples.ts';

const capabilities = inBuildOrder(await Promise.all(catalogue.capabilities.map(({ load }) => load())));
const SEED = 7;

/** Most artifacts a list role is given. */
const LIST_LENGTH = 4;

const pool: ArtifactValue[] = [];

function hooks(progress: (fraction: number) => void = () => undefined) {
  return { signal: new AbortController().signal, progress, log: () => undefined };
}

/** The oldest fitting artifact for each role, a few for a list; optional roles stay empty unless their pattern is exact. */
function bind(capability: AnyCapability): BoundInputs {
  const bound: BoundInputs = {};
  for (const [role, text] of Object.entries(capability.inputs)) {
    const { pattern, list, optional } = parseInputSpec(text);
    const fitting = pool.filter(({ kind }) => kindMatches(kind, pattern));
    if (fitting.length === 0 && !optional) throw new Error(`no sample of ${pattern} for ${capability.id}.${role}`);
    if (fitting.length) bound[role] = list ? fitting.slice(0, LIST_LENGTH) : fitting.slice(0, 1);
  }
  return bound;
}

/** Sum over all numbers of a payload, so that a change anywhere shows. */
function checksum(payload: unknown): number {
  if (typeof payload === 'number') return Number.isFinite(payload) ? payload : 0.123;
  if (ArrayBuffer.isView(payload)) {
    let sum = 0;
    const values = payload as Float32Array;
    for (let at = 0; at < values.length; at++) sum += Number.isFinite(values[at]) ? values[at] * (1 + (at % 97)) : 0.5;
    return sum;
  }
  if (typeof payload !== 'object' || payload === null) return 0;
  return Object.values(payload).reduce((sum: number, entry, at) => sum + checksum(entry) * (1 + (at % 7)), 0);
}

beforeAll(() => {
  pool.push(...firstArtifacts());
});

describe.each(capabilities.map((capability) => ({ id: capability.id, capability })))('$id', ({ capability }) => {
  let result: ExecuteResult | undefined;
  let inputs: BoundInputs = {};

  it('describes itself', () => {
    expect(capability.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(Number.isInteger(capability.version) && capability.version >= 1).toBe(true);
    expect(capability.title).not.toBe('');
    expect(capability.summary).toMatch(/\.$/);
    expect(capability.scales.length).toBeGreaterThan(0);
    for (const text of [...Object.values(capability.inputs), ...Object.values(capability.outputs)])
      expect(
        ARTIFACT_KINDS.some((kind) => kindMatches(kind, parseInputSpec(text).pattern)),
        text,
      ).toBe(true);
    expect(() => resolveParams(capability.params, {})).not.toThrow();
    for (const [name, spec] of Object.entries(capability.params)) {
      expect(spec.label, name).not.toBe('');
      expect(() => resolveParams(capability.params, { [name]: spec.default }), name).not.toThrow();
    }
    const ids = capability.features.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, unit, name, definition, source } of capability.features) {
      expect(id).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/);
      expect(Object.keys(UNIT_TEXT), id).toContain(unit);
      for (const text of [name, definition, source]) expect(text, id).not.toBe('');
    }
  });

  it('gives what it declares, from the virtual subject, and leaves its inputs alone', async () => {
    inputs = bind(capability);
    const before = checksum(inputs);
    const fractions = [0];
    result = await executeCapability(
      capability,
      inputs,
      {},
      SEED,
      hooks((fraction) => fractions.push(fraction)),
    );
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
    expect(checksum(inputs)).toBe(before);
    for (const [role, text] of Object.entries(capability.outputs)) {
      const { pattern, optional, list } = parseInputSpec(text);
      const drafts = result.outputs.filter((output) => output.role === role);
      if (!optional) expect(drafts.length, role).toBeGreaterThan(0);
      if (!list) expect(drafts.length, role).toBeLessThanOrEqual(1);
      for (const { draft } of drafts) {
        expect(kindMatches(draft.kind, pattern), `${role} is a ${draft.kind}`).toBe(true);
        expect(draft.name).not.toBe('');
      }
    }
    for (const { draft } of result.outputs)
      pool.push({ ...draft, id: `${capability.id} ${draft.name}`, posture: 'supine', synthetic: true, metadata: {} });
  });

  it('gives numbers that can be followed back', () => {
    for (const feature of result?.features ?? []) {
      for (const { role } of feature.evidence) {
        if ('input' in role) expect(Object.keys(inputs), feature.definition).toContain(role.input);
        else {
          const { output, index = 0 } = role;
          const found = result?.outputs.some((made) => made.role === output && made.index === index);
          expect(found, `${feature.definition} points at ${output} ${index}`).toBe(true);
        }
      }
      expect(feature.quality, feature.definition).toBeGreaterThanOrEqual(0);
      expect(feature.quality, feature.definition).toBeLessThanOrEqual(1);
      expect(feature.method, feature.definition).not.toBe('');
      const { uncertainty: doubt, value } = feature;
      if (doubt.kind === 'interval' && typeof value === 'number') {
        expect(doubt.low, feature.definition).toBeLessThanOrEqual(value);
        expect(doubt.high, feature.definition).toBeGreaterThanOrEqual(value);
      }
    }
  });

  it('gives the same twice', async () => {
    const again = await executeCapability(capability, inputs, {}, SEED, hooks());
    expect(checksum(again.outputs)).toBe(checksum(result?.outputs));
    expect(again.features).toEqual(result?.features);
  });
});
