import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue.ts';
import { featureBundle } from '../../src/formats/index.ts';
import { DICTIONARY } from '../../src/inference/index.ts';
import { CODE_SYSTEM, type Feature, isLoinc, isSnomed } from '../../src/model/index.ts';
import { loadAll } from '../../src/runtime/index.ts';
import { featureBundleInput } from '../support/record/feature-sample.ts';

interface Coded {
  system: string;
  code: string;
}

/** Every coding of a JSON value. */
function codingsOf(value: unknown): Coded[] {
  if (Array.isArray(value)) return value.flatMap(codingsOf);
  if (typeof value !== 'object' || value === null) return [];
  const { system, code } = value as Partial<Coded>;
  const own = typeof system === 'string' && typeof code === 'string' ? [{ system, code }] : [];
  return [...own, ...Object.values(value).flatMap(codingsOf)];
}

describe('codes that leave the house', () => {
  it('are right in a FHIR bundle with every feature of every capability', async () => {
    const capabilities = await loadAll(catalogue.capabilities);
    const definitions = capabilities.flatMap(({ features }) => features);
    const features = definitions.map(
      ({ id, unit }): Feature => ({
        ...featureBundleInput().features[0],
        ...{ id: `f-${id}`, definition: id, unit },
      }),
    );
    const about = new Map(definitions.map((definition) => [definition.id, definition]));
    const input = { ...featureBundleInput(features), definitionOf: (id: string) => about.get(id) };
    const bundle = JSON.parse(new TextDecoder().decode(featureBundle(input, 'features').bytes));
    const codings = codingsOf(bundle);
    expect(codings.filter(({ system, code }) => system === CODE_SYSTEM.LOINC && !isLoinc(code))).toEqual([]);
    expect(codings.filter(({ system, code }) => system === CODE_SYSTEM.SNOMED && !isSnomed(code))).toEqual([]);
    const coded = definitions.filter(({ code }) => code).length;
    const found = codings.filter(({ system }) => system === CODE_SYSTEM.LOINC || system === CODE_SYSTEM.SNOMED).length;
    expect(coded).toBeGreaterThan(0);
    expect(found).toBe(coded);
  });

  it('are right in the dictionary of the inference engine', () => {
    const codes = DICTIONARY.flatMap(({ codes: own }) => own);
    expect(codes.length).toBeGreaterThan(10);
    const wrong = codes.filter(({ system, code }) => !(system === 'LOINC' ? isLoinc(code) : isSnomed(code)));
    expect(wrong).toEqual([]);
  });
});
