/** Seven bundles of Synthea patients: nothing is lost without a line, nobody is named, and what is written comes back. */

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue.ts';
import { fhir } from '../../src/formats/fhir/index.ts';
import { json } from '../../src/formats/json/index.ts';
import {
  type ClinicalFact,
  type ClinicalRecord,
  CODE_SYSTEM,
  hasCode,
  type ReadItem,
  type ReadReport,
} from '../../src/model/index.ts';
import { readFiles } from '../../src/runtime/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { ingestAndWait, openTestEngine } from '../support/engine.ts';
import { memoryFile, roundTrip } from '../support/formats/formats.ts';

const SET = 'synthea-r4-bundles';

interface Resource {
  resourceType: string;
  id: string;
  [key: string]: unknown;
}

describeWithData(SET, () => {
  let report: ReadReport;
  let sources: { name: string; bytes: Uint8Array; resources: Resource[] }[];
  beforeAll(async () => {
    const names = readdirSync(dataPath(SET)).filter((name) => name.endsWith('.json'));
    sources = names.map((name) => {
      const bytes = new Uint8Array(readFileSync(dataPath(SET, name)));
      const { entry } = JSON.parse(new TextDecoder().decode(bytes)) as { entry: { resource: Resource }[] };
      return { name, bytes, resources: entry.map(({ resource }) => resource) };
    });
    report = await readFiles(
      catalogue,
      sources.map(({ name, bytes }) => memoryFile(name, bytes)),
    );
  });
  const recordOf = (item: ReadItem) => item.artifacts[0].payload as ClinicalRecord;
  const all = () => sources.map((source, index) => ({ ...source, record: recordOf(report.items[index]) }));

  it('are all recognised and imported, as records', () => {
    expect(report.errors).toEqual([]);
    expect(report.items.map(({ modality, synthetic }) => [modality, synthetic])).toEqual(
      sources.map(() => ['record', true]),
    );
    for (const { name, bytes } of sources) expect(json.sniff(bytes.subarray(0, 1024), name)).toBe('no');
  });

  it('lose no resource without a line', () => {
    let facts = 0;
    let left = 0;
    for (const { resources, record } of all()) {
      const counts = new Map<string, number>();
      const count = (type: string, by: number) => counts.set(type, (counts.get(type) ?? 0) + by);
      for (const { resourceType } of resources) count(resourceType, 1);
      count('Patient', -1);
      for (const { resource } of record.facts) count(resource, -1);
      for (const { what, count: many } of record.skipped) count(what, -many);
      expect([...counts].filter(([, rest]) => rest !== 0)).toEqual([]);
      facts += record.facts.length;
      left += record.skipped.reduce((sum, { count: many }) => sum + many, 0);
    }
    // 2,321 resources in seven files, counted apart: 7 patients, 490 bills, 22 people and organisations
    expect([facts, left]).toEqual([1802, 512]);
    expect(report.skipped.length).toBe(all().reduce((sum, { record }) => sum + record.skipped.length, 0));
  });

  it('name nobody', () => {
    for (const { resources, record } of all()) {
      const text = JSON.stringify(record);
      const secrets = resources.filter(({ resourceType }) => /Patient|Practitioner|Organization/.test(resourceType));
      for (const secret of secrets.flatMap(stringsOf)) expect(text.includes(secret), secret).toBe(false);
      for (const { id } of resources) expect(text).not.toContain(id);
      const { sex, birthYear, deceased, ...other } = record.person;
      expect([typeof sex, typeof birthYear, other]).toEqual(['string', 'number', {}]);
      const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
      expect(deceased === true).toBe(patient?.deceasedDateTime !== undefined);
    }
    expect(all().filter(({ record }) => record.person.deceased)).toHaveLength(4);
  });

  it('keep values, units, codes and times as they stand in the file', () => {
    for (const { resources, record } of all()) {
      for (const fact of record.facts) {
        const source = resources[Number(/^entry\[(\d+)\]$/.exec(fact.place)?.[1])];
        expect(source.resourceType).toBe(fact.resource);
        expectSame(fact, source);
      }
      const observations = record.facts.filter(({ kind }) => kind === 'observation');
      const laboratory = (source: Resource) => JSON.stringify(source.category ?? '').includes('"laboratory"');
      const nano = resources.filter((source) => source.resourceType === 'Observation' && laboratory(source));
      expect(observations.filter(({ scale }) => scale === 'nano')).toHaveLength(nano.length);
    }
    // every patient has had haemoglobin A1c or BMI, at a time that can be read
    for (const { record } of all()) {
      const found = record.facts.filter(({ concept }) => hasCode(concept, CODE_SYSTEM.LOINC, ['39156-5', '4548-4']));
      expect(found.length).toBeGreaterThan(0);
      for (const { from } of found) expect(Date.parse(from ?? '')).not.toBeNaN();
    }
  });

  it('hold one code that cannot be right, and it is doubted', () => {
    const doubted = report.items.flatMap(({ quality }) => quality).filter(({ code }) => code === 'fhir.codes');
    // Synthea files the LOINC code of an echocardiogram under SNOMED CT
    expect([...new Set(doubted.map(({ where }) => where))]).toEqual(['34552-0']);
  });

  it('come back as they were from the bundle we write', async () => {
    for (const { record } of all()) {
      const item = await roundTrip(fhir, { kind: 'record.clinical', payload: record, name: 'record' });
      const again = recordOf(item);
      expect(again.facts.map(withoutPlace)).toEqual(record.facts.map(withoutPlace));
      expect(again.person).toEqual(record.person);
      expect([again.skipped, again.withheld]).toEqual([[], []]);
    }
  });

  it('become acquisitions of a twin, with an artifact that comes back whole', { timeout: 120_000 }, async () => {
    const { engine, close } = await openTestEngine(undefined, 1);
    try {
      const { id } = await engine.createTwin('P1');
      await ingestAndWait(engine, id, [dataPath(SET, sources[0].name)]);
      const { state } = await engine.view(id);
      expect(state.acquisitions.map(({ modality, scales }) => [modality, scales])).toEqual([
        ['record', ['nano', 'macro']],
      ]);
      const [artifact] = state.artifacts;
      const { facts } = recordOf(report.items[0]);
      expect(artifact).toMatchObject({ kind: 'record.clinical', summary: { facts: facts.length } });
      const bytes = await engine.store.blobs.read(artifact.blobs[0].sha256);
      const item = await json.read([memoryFile(artifact.blobs[0].name, bytes)]);
      expect(recordOf(item.items[0])).toEqual(recordOf(report.items[0]));
    } finally {
      await close();
    }
  });
});

function withoutPlace({ place: _, ...fact }: ClinicalFact): Omit<ClinicalFact, 'place'> {
  return fact;
}

/** Strings of a resource that could tell who it is: names, numbers, addresses, telephones. */
function stringsOf(resource: Resource): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 4) found.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  const { name, identifier, address, telecom, birthDate, text } = resource;
  for (const part of [name, address, birthDate, text]) visit(part);
  for (const list of [identifier, telecom] as ({ value: string }[] | undefined)[])
    for (const { value } of list ?? []) visit(value);
  return found;
}

function expectSame(fact: ClinicalFact, source: Resource): void {
  const { code, valueQuantity, effectiveDateTime, onsetDateTime } = source as {
    code?: { coding?: { code: string; system: string }[] };
    valueQuantity?: { value: number; code: string };
    effectiveDateTime?: string;
    onsetDateTime?: string;
  };
  const codes = (list?: { code: string; system: string }[]) => list?.map((one) => [one.system, one.code]);
  if (code?.coding) expect(codes(fact.concept.codings)).toEqual(codes(code.coding));
  if (valueQuantity) expect([fact.value?.number, fact.value?.unit]).toEqual([valueQuantity.value, valueQuantity.code]);
  const time = effectiveDateTime ?? onsetDateTime;
  if (time) expect(fact.from).toBe(time);
}
