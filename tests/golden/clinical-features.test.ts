/** What the inference engine takes from seven Synthea records: counted against the bundles themselves, nothing made up. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fhir } from '../../src/formats/index.ts';
import { readClinical, surgeryOf, synchronise } from '../../src/inference/index.ts';
import type { ClinicalRecord } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile } from '../support/formats/formats.ts';

const SET = 'synthea-r4-bundles';

interface Resource {
  resourceType: string;
  birthDate?: string;
  gender?: string;
  code?: { coding?: { code: string }[] };
  valueQuantity?: { value: number };
  effectiveDateTime?: string;
}

describeWithData(SET, () => {
  const names = readdirSync(dataPath(SET)).filter((name) => name.endsWith('.json'));

  it.each(names.map((name, at) => [at + 1, name] as const))('patient %i', async (_, name) => {
    const bytes = new Uint8Array(readFileSync(dataPath(SET, name)));
    const { entry } = JSON.parse(new TextDecoder().decode(bytes)) as { entry: { resource: Resource }[] };
    const resources = entry.map(({ resource }) => resource);
    const report = await fhir.read([memoryFile(name, bytes)]);
    const record = report.items[0].artifacts[0].payload as ClinicalRecord;
    const indexDate = report.items[0].takenAt as string;
    const { records, leftOut } = readClinical([{ artifact: 'a', record }], indexDate);
    const of = (feature: string) => records.filter((one) => one.feature === feature);
    const coded = (code: string) =>
      resources.filter((one) => one.code?.coding?.some((coding) => coding.code === code) && one.valueQuantity);

    const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
    const years = (Date.parse(indexDate) - Date.parse(patient?.birthDate ?? '')) / (365.25 * 86_400_000);
    // the year of birth alone is known: half a year either way
    expect(Math.abs(Number(of('person.age')[0].value) - years)).toBeLessThanOrEqual(0.56);
    expect(of('person.female')[0].value).toBe(patient?.gender === 'female' ? 1 : 0);

    for (const [feature, code] of [
      ['person.bmi', '39156-5'],
      ['lab.hba1c', '4548-4'],
      ['lab.haemoglobin', '718-7'],
    ]) {
      const wanted = coded(code).map(({ valueQuantity, effectiveDateTime }) => [
        effectiveDateTime,
        valueQuantity?.value,
      ]);
      const got = of(feature).map(({ time, value }) => [time, Number(value)]);
      expect(got, feature).toEqual(wanted.map(([time, value]) => [time, Number(Number(value).toPrecision(12))]));
    }
    // the pain score of these records names no place, and their T-score is of the forearm
    expect([...of('pain.back'), ...of('pain.leg'), ...of('bone.tScore')]).toEqual([]);
    expect(leftOut.filter(({ reason }) => reason.includes('leg or back'))).toHaveLength(coded('72514-3').length);
    expect(leftOut.filter(({ reason }) => reason.includes('forearm'))).toHaveLength(coded('38265-5').length);
    // no degenerative spine, no red flag
    expect(records.filter(({ feature }) => /^(symptom|flag|herniation|stenosis|segment)\./.test(feature))).toEqual([]);

    for (const { feature, evidence, source, time } of records) {
      const place = evidence?.[0].locator.place ?? '';
      const at = Number(/^entry\[(\d+)\]$/.exec(place)?.[1] ?? Number.NaN);
      if (source !== 'person') {
        expect(record.facts[evidence?.[0].locator.row ?? -1].id, feature).toBe(source);
        expect(resources[at], feature).toBeDefined();
      }
      if (feature !== 'person.female')
        expect(Date.parse(time ?? ''), feature).toBeLessThanOrEqual(Date.parse(indexDate));
    }
    const space = synchronise(records, indexDate);
    expect(space.features.get('person.age')).toBeDefined();
    expect(space.features.get('person.bmi')).toBeDefined();
    expect(surgeryOf(record, '2000-01-01', '2001-01-01')).toEqual({ kind: 'none', closed: true });
  });
});
