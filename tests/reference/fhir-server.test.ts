/**
 * Reading and writing held to a FHIR server that is not ours, wherever one runs: `MSDT_FHIR_SERVER=http://localhost:8080/fhir`.
 * `tests/reference/hapi_server` starts HAPI FHIR (JPA, in memory).
 */

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assessmentFrom, featureBundle, featuresFrom, fhir } from '../../src/formats/fhir/index.ts';
import { readPatient, writeBundle } from '../../src/interop/fhir/index.ts';
import type { ClinicalRecord } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile, readOne } from '../support/formats/formats.ts';
import { ASSESSMENT } from '../support/record/assessment-sample.ts';
import { featureBundleInput } from '../support/record/feature-sample.ts';

const SERVER = process.env.MSDT_FHIR_SERVER ?? '';
const LIMIT_MS = 120_000;
const SET = 'synthea-r4-bundles';

type Json = { [key: string]: unknown };

const ask = async (path: string, body?: unknown): Promise<Json> => {
  const headers = { accept: 'application/fhir+json', 'content-type': 'application/fhir+json' };
  const response = await fetch(`${SERVER}${path}`, {
    headers,
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as Json;
  if (!response.ok) throw new Error(JSON.stringify(json).slice(0, 500));
  return json;
};

const factsOf = async (bytes: Uint8Array) => {
  const { facts } = (await readOne(fhir, [memoryFile('a.fhir.json', bytes)])).artifacts[0].payload as ClinicalRecord;
  return facts
    .map(({ id: _, place: __, because: ___, encounter: ____, members: _____, ...said }) => JSON.stringify(said))
    .sort();
};

describe.skipIf(!SERVER)(`a FHIR server of another maker (MSDT_FHIR_SERVER=${SERVER})`, () => {
  const twin = `t-${randomUUID()}`;
  const bundle = JSON.parse(
    new TextDecoder().decode(
      featureBundle({ ...featureBundleInput(), twin, assessment: ASSESSMENT }, 'features').bytes,
    ),
  );

  it('takes features and assessment once, and gives them back as they were', { timeout: LIMIT_MS }, async () => {
    const first = await writeBundle({ baseUrl: SERVER, bundle });
    expect(first.created).toBe(bundle.entry.length);
    const second = await writeBundle({ baseUrl: SERVER, bundle });
    expect([second.created, second.patientId]).toEqual([0, first.patientId]);
    const { bytes } = await readPatient({ baseUrl: SERVER, patientId: first.patientId ?? '' });
    const back = JSON.parse(new TextDecoder().decode(bytes)) as { entry: { resource: Json }[] };
    const byTurn = (type: string) => {
      const turn = new Map(first.entries.map(({ location }, index) => [location, index]));
      return back.entry
        .filter(({ resource }) => resource.resourceType === type)
        .sort((a, b) => (turn.get(`${type}/${a.resource.id}`) ?? 0) - (turn.get(`${type}/${b.resource.id}`) ?? 0));
    };
    const entry = ['Observation', 'RiskAssessment', 'GuidanceResponse', 'DocumentReference'].flatMap(byTurn);
    expect(featuresFrom({ entry })).toEqual(featureBundleInput().features);
    expect(assessmentFrom({ entry })).toEqual(ASSESSMENT);
  });
});

describeWithData(SET, () => {
  const names = readdirSync(dataPath(SET)).filter((name) => name.endsWith('.json'));

  it.skipIf(!SERVER).each(names)('gives %s as its file does', { timeout: LIMIT_MS }, async (name) => {
    const bytes = new Uint8Array(readFileSync(dataPath(SET, name)));
    const answer = await ask('', JSON.parse(new TextDecoder().decode(bytes)));
    const locations = (answer.entry as { response: { location: string } }[]).map(({ response }) => response.location);
    const patientId = locations.map((location) => /Patient\/([^/]+)/.exec(location)?.[1]).find(Boolean);
    const read = await readPatient({ baseUrl: SERVER, patientId: patientId ?? '' });
    expect(read.pages).toBeGreaterThan(1);
    expect(await factsOf(read.bytes)).toEqual(await factsOf(bytes));
  });
});
