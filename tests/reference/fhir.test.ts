/** What we write as FHIR, held against the definitions of R4 by the validator of Medplum. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue.ts';
import { assessmentFrom, featureBundle, fhir } from '../../src/formats/fhir/index.ts';
import { type ClinicalRecord, CODE_SYSTEM, isLoinc, isSnomed, type WrittenFile } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile, readOne } from '../support/formats/formats.ts';
import { ASSESSMENT } from '../support/record/assessment-sample.ts';
import { clinicalRecord } from '../support/record/clinical-sample.ts';
import { featureBundleInput } from '../support/record/feature-sample.ts';
import { problemsOf } from '../support/record/fhir-validate.ts';

const SET = 'synthea-r4-bundles';

interface Bundle {
  entry: { fullUrl: string; resource: { [key: string]: unknown } }[];
}

const parsed = (file: WrittenFile) => JSON.parse(new TextDecoder().decode(file.bytes)) as Bundle;

async function recordFile(payload = clinicalRecord()): Promise<WrittenFile> {
  const files = await fhir.write?.({ kind: 'record.clinical', payload, name: 'record' });
  return (files as WrittenFile[])[0];
}

describe('FHIR that we write is valid R4', { timeout: 30_000 }, () => {
  it('for a record with every kind of fact', async () => {
    expect(problemsOf(parsed(await recordFile()))).toEqual([]);
  });

  it('for a fact of every kind that knows nothing but what it is', async () => {
    const record = clinicalRecord();
    record.facts = record.facts.map(({ id, kind, resource, scale, concept, parts, place }) => ({
      ...{ id, kind, resource, scale, concept, place },
      ...(resource === 'QuestionnaireResponse' && { parts }),
    }));
    expect(problemsOf(parsed(await recordFile(record)))).toEqual([]);
  });

  it('for features of every sort, and for none', () => {
    expect(problemsOf(parsed(featureBundle(featureBundleInput(), 'features')))).toEqual([]);
    expect(problemsOf(parsed(featureBundle(featureBundleInput([]), 'features')))).toEqual([]);
  });

  it('for an assessment with every part, and for one that found nothing', () => {
    const bundle = (assessment = ASSESSMENT) =>
      parsed(featureBundle({ ...featureBundleInput(), assessment }, 'features'));
    expect(problemsOf(bundle())).toEqual([]);
    expect(problemsOf(bundle({ ...ASSESSMENT, used: [], suggestions: [], asks: [], leftOut: [] }))).toEqual([]);
  });

  it('for what the engine says when every finding is answered yes: drafts, red flags, codes', async () => {
    const engine = await catalogue.inference.load();
    const at = '2026-01-03T00:00:00.000Z';
    const answers = engine
      .knowledge()
      .findings.filter(({ form }) => form.kind === 'yes-no')
      .map(({ id }) => ({ finding: id, value: 1, at }));
    const input = { twin: 't-1', at, features: [], acquisitions: [], records: [], answers, synthetic: true };
    const assessment = engine.assess(input);
    expect(assessment.suggestions.length).toBeGreaterThan(10);
    const bundle = parsed(featureBundle({ ...featureBundleInput([]), assessment }, 'features'));
    expect(problemsOf(bundle)).toEqual([]);
    expect(assessmentFrom(bundle)).toEqual(JSON.parse(JSON.stringify(assessment)));
    const orders = bundle.entry.filter(({ resource }) => resource.resourceType === 'ServiceRequest');
    const codes = orders.flatMap(
      ({ resource }) => (resource.code as { coding: { system: string; code: string }[] }).coding,
    );
    expect(codes.length).toBeGreaterThan(3);
    const wrong = codes.filter(({ system, code }) =>
      system === CODE_SYSTEM.LOINC ? !isLoinc(code) : system === CODE_SYSTEM.SNOMED && !isSnomed(code),
    );
    expect(wrong).toEqual([]);
  });

  it('and the validator finds what is wrong', () => {
    const spoilt = (spoil: (resource: { [key: string]: unknown }, bundle: Bundle) => void, type = 'Observation') => {
      const bundle = parsed(featureBundle(featureBundleInput(), 'features'));
      const entry = bundle.entry.find(({ resource }) => resource.resourceType === type);
      spoil(entry?.resource ?? {}, bundle);
      return problemsOf(bundle).join('\n');
    };
    expect(spoilt((resource) => delete resource.status)).toMatch(/status/);
    expect(spoilt((resource) => Object.assign(resource, { colour: 'red' }))).toMatch(/colour/);
    expect(spoilt((resource) => Object.assign(resource, { status: 'finished' }))).toMatch(/finished is not allowed/);
    expect(spoilt((resource) => Object.assign(resource, { issued: 'today' }))).toMatch(/issued/);
    expect(spoilt((resource) => Object.assign(resource, { valueString: 'x' }))).toMatch(/value/i);
    expect(spoilt((resource) => Object.assign(resource, { dataAbsentReason: { text: 'x' } }))).toMatch(/obs-6/);
    expect(spoilt((resource) => Object.assign(resource, { subject: { reference: 'urn:uuid:0' } }))).toMatch(/nowhere/);
    expect(spoilt((resource) => delete resource.agent, 'Provenance')).toMatch(/agent/);
    const patient = (resource: { [key: string]: unknown }, { entry }: Bundle) =>
      Object.assign(resource, { device: { reference: entry[0].fullUrl } });
    expect(spoilt(patient)).toMatch(/Invalid reference/);
  });
});

describeWithData(SET, () => {
  const names = readdirSync(dataPath(SET)).filter((name) => name.endsWith('.json'));

  it.each(names)('%s, read and written again, is valid', { timeout: 30_000 }, async (name) => {
    const bytes = new Uint8Array(readFileSync(dataPath(SET, name)));
    const item = await readOne(fhir, [memoryFile(name, bytes)]);
    expect(problemsOf(parsed(await recordFile(item.artifacts[0].payload as never)))).toEqual([]);
  });

  it.each(names)('%s, assessed, is valid and comes back', { timeout: 30_000 }, async (name) => {
    const bytes = new Uint8Array(readFileSync(dataPath(SET, name)));
    const record = (await readOne(fhir, [memoryFile(name, bytes)])).artifacts[0].payload as ClinicalRecord;
    const engine = await catalogue.inference.load();
    const records = [{ artifact: 'a', record }];
    const input = { twin: 't-1', at: '2026-01-03T00:00:00Z', features: [], acquisitions: [], records, answers: [] };
    const assessment = engine.assess({ ...input, synthetic: true });
    const bundle = parsed(featureBundle({ ...featureBundleInput([]), assessment }, 'features'));
    expect(problemsOf(bundle)).toEqual([]);
    expect(assessmentFrom(bundle)).toEqual(JSON.parse(JSON.stringify(assessment)));
  });
});
