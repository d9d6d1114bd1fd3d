import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../../tests/support/formats/formats.ts';
import { FEATURES, featureBundleInput } from '../../../../tests/support/record/feature-sample.ts';
import type { ClinicalRecord } from '../../../model/index.ts';
import { featureBundle, featuresFrom, fhir } from '../index.ts';

interface Entry {
  fullUrl: string;
  resource: { resourceType: string; id: string; [key: string]: unknown };
}

const written = () => featureBundle(featureBundleInput(), 'features');
const parsed = () => JSON.parse(new TextDecoder().decode(written().bytes)) as { entry: Entry[] };
const of = (type: string) => parsed().entry.filter(({ resource }) => resource.resourceType === type);

describe('a bundle of features', () => {
  it('gives every feature back as it was', () => {
    expect(featuresFrom(parsed())).toEqual(FEATURES);
    expect(written()).toEqual(written());
    expect(written().name).toBe('features.fhir.json');
  });

  it('says value, unit, code, reference range, place, posture and doubt in the words of FHIR', () => {
    const [cobb, disc, emg, curve] = of('Observation').map(({ resource }) => resource);
    expect(cobb).toMatchObject({
      status: 'preliminary',
      category: [{ coding: [{ code: 'imaging' }] }],
      code: { coding: [{ system: 'urn:msdt:feature', code: 'spine.cobbAngle' }, { code: '285285000' }] },
      valueQuantity: { value: 31.25, unit: '°', system: 'http://unitsofmeasure.org', code: 'deg' },
      referenceRange: [{ high: { value: 10 } }],
      method: { text: 'endplate planes', coding: [{ code: 'spine-geometry', version: '3' }] },
    });
    expect(cobb.extension).toContainEqual({
      url: 'urn:msdt:extension:uncertainty',
      extension: [
        { url: 'kind', valueCode: 'interval' },
        { url: 'low', valueDecimal: 29.5 },
        { url: 'high', valueDecimal: 33 },
        { url: 'sd', valueDecimal: 1.064 },
        { url: 'method', valueString: 'bootstrap' },
      ],
    });
    expect(disc).toMatchObject({
      bodySite: { text: 'L4-L5.left' },
      dataAbsentReason: { text: 'the disc is not in the field' },
    });
    expect(disc.valueQuantity).toBeUndefined();
    expect(JSON.stringify(cobb.component)).toContain('"standing"');
    expect(emg).toMatchObject({ category: [{ coding: [{ code: 'procedure' }] }] });
    expect(curve).toMatchObject({ valueCodeableConcept: { text: 'Lenke 1' } });
  });

  it('leads back to what it was made from, by whom and when', () => {
    const address = (type: string, index = 0) => of(type)[index].fullUrl;
    const [cobb] = of('Observation');
    expect(cobb.resource.derivedFrom).toEqual([
      { reference: address('DocumentReference') },
      { reference: address('ImagingStudy') },
      { reference: address('DocumentReference', 1) },
    ]);
    expect(cobb.resource.device).toEqual({ reference: address('Device') });
    // only artifacts that a feature points at, only studies that are pictures, one provenance a run
    expect([of('DocumentReference').length, of('ImagingStudy').length, of('Provenance').length]).toEqual([3, 1, 2]);
    expect(of('Provenance')[0].resource.target).toHaveLength(3);
    const [report] = of('DiagnosticReport');
    expect(report.resource.result).toHaveLength(4);
    expect(report.resource.effectiveDateTime).toBe('2025-11-05T10:00:00Z');
  });

  it('is a record to whom reads it as one, and marked as made up', async () => {
    const item = await readOne(fhir, [memoryFile('features.fhir.json', written().bytes)]);
    const record = item.artifacts[0].payload as ClinicalRecord;
    expect(record.person).toEqual({ sex: 'male', birthYear: 1970 });
    expect(item.synthetic).toBe(true);
    expect(record.facts.filter(({ kind }) => kind === 'observation')).toHaveLength(4);
    expect(record.facts.find(({ kind }) => kind === 'report')?.members).toHaveLength(4);
    const read = record.facts.length + record.skipped.reduce((sum, { count }) => sum + count, 0) + 1;
    expect(read).toBe(parsed().entry.length);
  });

  it('passes over observations of other makers', () => {
    expect(featuresFrom(undefined)).toEqual([]);
    expect(featuresFrom({ entry: [{}, { resource: { resourceType: 'Observation', status: 'final' } }] })).toEqual([]);
  });
});
