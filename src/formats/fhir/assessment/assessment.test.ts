import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../../tests/support/formats/formats.ts';
import { ASSESSMENT } from '../../../../tests/support/record/assessment-sample.ts';
import { featureBundleInput } from '../../../../tests/support/record/feature-sample.ts';
import type { Assessment, ClinicalRecord } from '../../../model/index.ts';
import { assessmentFrom, draftOrder, featureBundle, featuresFrom, fhir } from '../index.ts';

interface Entry {
  fullUrl: string;
  resource: { resourceType: string; id: string; [key: string]: unknown };
}

const file = (assessment: Assessment = ASSESSMENT) =>
  featureBundle({ ...featureBundleInput(), assessment }, 'features');
const parse = ({ bytes }: { bytes: Uint8Array }) => JSON.parse(new TextDecoder().decode(bytes)) as { entry: Entry[] };
const entries = (type: string) => parse(file()).entry.filter(({ resource }) => resource.resourceType === type);
const of = (type: string) => entries(type).map(({ resource }) => resource);

describe('an assessment in a bundle', () => {
  it('comes back whole, and so do the features beside it', () => {
    expect(assessmentFrom(parse(file()))).toEqual(ASSESSMENT);
    expect(featuresFrom(parse(file()))).toEqual(featureBundleInput().features);
    const bare: Assessment = { ...ASSESSMENT, used: [], suggestions: [], asks: [], settingChosen: true };
    delete bare.challenger;
    expect(assessmentFrom(parse(file(bare)))).toEqual(bare);
  });

  it('says risk in percent, with its interval, setting, and that nobody has validated it here', () => {
    const [risk] = of('RiskAssessment');
    const predictions = risk.prediction as { [key: string]: unknown }[];
    expect(risk).toMatchObject({
      status: 'preliminary',
      method: { coding: [{ code: 'trusted-hazard', version: '1' }] },
      occurrenceDateTime: '2026-01-03T00:00:00.000Z',
      note: [{ text: expect.stringContaining('not validated locally') }],
    });
    expect(predictions.map(({ probabilityDecimal }) => probabilityDecimal)).toEqual([12.3457, 9, 3.6]);
    expect(predictions[1]).toMatchObject({
      whenRange: { low: { value: 0, code: 'mo' }, high: { value: 6, code: 'mo' } },
      rationale: expect.stringMatching(
        /Referred chronic back pain \(assumed.*6\.40 %.*van Hooff.*not validated locally/,
      ),
      extension: [{ url: 'urn:msdt:extension:interval' }],
    });
    const fields = (predictions[1].extension as { extension: object[] }[])[0].extension;
    expect(fields).toContainEqual({ url: 'low', valueDecimal: 0.036 });
    expect(fields).toContainEqual({ url: 'level', valueDecimal: 0.9 });
  });

  it('rests on Observations: those of the twin, and one for every value from elsewhere', () => {
    const [risk] = of('RiskAssessment');
    const addresses = (risk.basis as { reference: string }[]).map(({ reference }) => reference);
    const observations = entries('Observation').filter(({ fullUrl }) => addresses.includes(fullUrl));
    expect(addresses).toHaveLength(3);
    expect(observations.map(({ resource }) => resource.id)).toEqual(['feature-1', 'basis-2', 'basis-3']);
    expect(observations[1].resource).toMatchObject({
      identifier: [{ value: 'score-1' }],
      code: { coding: [{ code: 'odi' }], text: 'Oswestry Disability Index' },
      category: [{ coding: [{ code: 'survey' }] }],
      valueQuantity: { value: 48, code: '%' },
      effectiveDateTime: '2025-12-28',
    });
    expect(observations[2].resource).toMatchObject({
      valueCodeableConcept: { text: 'Lee 2' },
      bodySite: { text: 'L4-L5.left' },
      method: { text: 'read by hand' },
    });
  });

  it('drafts orders for what can be ordered, never for what it advises against', () => {
    const orders = of('ServiceRequest');
    expect(orders.map(({ status, intent, priority }) => [status, intent, priority])).toEqual([
      ['draft', 'proposal', 'stat'],
      ['draft', 'proposal', 'routine'],
    ]);
    const [first, second, third, ask] = of('GuidanceResponse');
    const plans = entries('CarePlan');
    expect([first.result, second.result, third.result]).toEqual([
      { reference: plans[0].fullUrl },
      { reference: plans[1].fullUrl },
      undefined,
    ]);
    expect(plans[0].resource.activity).toEqual([{ reference: { reference: entries('ServiceRequest')[0].fullUrl } }]);
    expect(first).toMatchObject({
      moduleCanonical: 'urn:msdt:rule:R01|1',
      status: 'success',
      reasonCode: [{ text: 'Saddle numbness: yes' }],
      dataRequirement: [{ type: 'ImagingStudy', codeFilter: [{ code: [{ code: '30679-5' }] }] }],
    });
    // what the reason was taken from is in the bundle
    const odi = entries('Observation').find(({ resource }) => resource.id === 'basis-2');
    expect(second.reasonReference).toEqual([{ reference: odi?.fullUrl }]);
    expect(ask).toMatchObject({
      status: 'data-required',
      moduleCodeableConcept: { coding: [{ code: 'R01' }, { code: 'R02' }] },
      dataRequirement: [{ type: 'Observation', codeFilter: [{ code: [{ code: 'bladder-dysfunction' }] }] }],
    });
    expect(draftOrder(ASSESSMENT.suggestions[2], { reference: 'Patient/1' }, '2026-01-03')).toBeUndefined();
  });

  it('raises red flags as detected issues, and traces all to the model that made it', () => {
    expect(of('DetectedIssue')).toMatchObject([
      { severity: 'high', status: 'preliminary', code: { coding: [{ code: 'R01' }] } },
    ]);
    const provenance = of('Provenance').find(({ id }) => id === 'provenance-assessment');
    // risk, graph, three suggestions, one issue, one ask
    expect(provenance?.target).toHaveLength(7);
    expect(provenance?.entity).toHaveLength(3);
    expect(of('Device').map(({ version }) => version)).toEqual([[{ value: 'msdt 0.1.0' }], [{ value: '1' }]]);
  });

  it('is marked as made up in every resource, and names nobody', () => {
    for (const { resource } of parse(file()).entry)
      expect(resource.meta, resource.id).toMatchObject({ security: [{ code: 'HTEST' }] });
    expect(Object.keys(of('Patient')[0]).sort()).toEqual(
      ['birthDate', 'gender', 'id', 'identifier', 'meta', 'resourceType'].sort(),
    );
  });

  it('leaves nothing without a line when it is read as a record', async () => {
    const item = await readOne(fhir, [memoryFile('features.fhir.json', file().bytes)]);
    const record = item.artifacts[0].payload as ClinicalRecord;
    const reasons = new Map(record.skipped.map(({ what, reason }) => [what, reason]));
    expect(reasons.get('RiskAssessment')).toMatch(/prediction/);
    expect(reasons.get('GuidanceResponse')).toMatch(/prediction/);
    expect(reasons.get('ServiceRequest')).toMatch(/proposed by this program/);
    expect(reasons.get('CarePlan')).toMatch(/proposed by this program/);
    expect(record.facts.some(({ kind }) => kind === 'order' || kind === 'plan')).toBe(false);
    const read = record.facts.length + record.skipped.reduce((sum, { count }) => sum + count, 0) + 1;
    expect(read).toBe(parse(file()).entry.length);
  });

  it('passes over bundles without one, of other makers, and damaged ones', () => {
    expect(assessmentFrom(undefined)).toBeUndefined();
    expect(assessmentFrom(parse(featureBundle(featureBundleInput(), 'features')))).toBeUndefined();
    expect(assessmentFrom({ entry: [{ resource: { resourceType: 'RiskAssessment' } }] })).toBeUndefined();
    const bundle = parse(file());
    const risk = bundle.entry.find(({ resource }) => resource.resourceType === 'RiskAssessment');
    Object.assign(risk?.resource ?? {}, { extension: [{ url: 'urn:msdt:extension:content', valueString: '{"sch' }] });
    expect(assessmentFrom(bundle)).toBeUndefined();
  });
});
