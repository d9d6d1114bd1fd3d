/** A clinical record that holds every kind of fact, every sort of value and every field at least once. */

import {
  type ClinicalFact,
  type ClinicalRecord,
  type ClinicalValue,
  CODE_SYSTEM,
  type Concept,
} from '../../../src/model/index.ts';

const concept = (system: string, code: string, display?: string): Concept => ({
  codings: [{ system, code, ...(display && { display }) }],
});
const loinc = (code: string, display?: string) => concept(CODE_SYSTEM.LOINC, code, display);
const snomed = (code: string, display?: string) => concept(CODE_SYSTEM.SNOMED, code, display);
const category = (code: string) => [concept('http://terminology.hl7.org/CodeSystem/observation-category', code)];

function observation(code: Concept, value: ClinicalValue | undefined, more: Partial<ClinicalFact> = {}): Draft {
  return {
    kind: 'observation',
    resource: 'Observation',
    scale: 'macro',
    concept: code,
    status: 'final',
    from: '2025-11-03T09:30:00+01:00',
    ...(value && { value }),
    ...more,
  };
}

type Draft = Omit<ClinicalFact, 'id' | 'place'>;

const DRAFTS: readonly Draft[] = [
  {
    ...{ kind: 'encounter', resource: 'Encounter', scale: 'macro', status: 'finished' },
    concept: concept('', 'outpatient', 'Spine clinic'),
    category: [concept('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'AMB')],
    ...{ from: '2025-11-03T09:00:00+01:00', to: '2025-11-03T10:00:00+01:00' },
  },
  {
    ...{ kind: 'condition', resource: 'Condition', scale: 'macro', status: 'resolved', verification: 'confirmed' },
    concept: { ...snomed('128196005', 'Lumbar radiculopathy'), text: 'Radiculopathy L5' },
    bodySite: [{ codings: [], text: 'L5' }],
    ...{ from: '2024-05', to: '2025-06-01', recorded: '2024-05-07', encounter: 'encounter-1' },
  },
  observation(
    loinc('1988-5', 'C-reactive protein'),
    { number: 5, comparator: '<', unit: 'mg/L' },
    {
      ...{ scale: 'nano', category: category('laboratory'), encounter: 'encounter-1' },
      interpretation: [concept('http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', 'N')],
      recorded: '2025-11-03T12:00:00+01:00',
    },
  ),
  observation(loinc('72514-3', 'Pain severity'), { number: 7, unit: '{score}', unitText: 'of 10' }),
  observation(loinc('72166-2'), { concept: snomed('266919005', 'Never smoked') }),
  observation({ codings: [], text: 'Sciatic stretch' }, { truth: true }, { method: { codings: [], text: 'by hand' } }),
  observation({ codings: [], text: 'Walking distance' }, { low: 200, high: 500, unit: 'm' }),
  observation({ codings: [], text: 'Last fall' }, { time: '2025-10' }),
  observation({ codings: [], text: 'Reflex' }, { absent: 'not asked' }),
  observation(concept('urn:example', 'rom'), undefined, {
    bodySite: [{ codings: [], text: 'lumbar spine' }],
    parts: [
      { concept: concept('urn:example', 'flexion'), value: { number: 48.5, unit: 'deg' } },
      { concept: concept('urn:example', 'note') },
    ],
    members: ['observation-1'],
  }),
  {
    ...{ kind: 'score', resource: 'QuestionnaireResponse', scale: 'macro', status: 'completed', from: '2025-11-02' },
    concept: concept('', 'http://example.org/Questionnaire/disability'),
    parts: [
      { concept: loinc('97909-6', 'Total score'), value: { number: 42, unit: '%' } },
      { concept: concept('urn:msdt:questionnaire-item', 'sub-score'), value: { number: 3 } },
    ],
  },
  {
    ...{ kind: 'procedure', resource: 'Procedure', scale: 'macro', status: 'completed' },
    concept: snomed('387731002', 'Laminectomy'),
    category: [snomed('387713003')],
    bodySite: [{ codings: [], text: 'L4-L5' }],
    reason: [{ codings: [], text: 'stenosis' }],
    because: ['condition-1'],
    ...{ from: '2025-11-20T08:00:00+01:00', to: '2025-11-20T09:30:00+01:00' },
  },
  {
    ...{ kind: 'medication', resource: 'MedicationRequest', scale: 'macro', status: 'active', intent: 'order' },
    concept: concept(CODE_SYSTEM.RXNORM, '849574', 'Naproxen sodium 220 MG Oral Tablet'),
    parts: [
      { concept: concept('urn:msdt:dosage', 'dose'), value: { number: 220, unit: 'mg' } },
      { concept: concept('urn:msdt:dosage', 'times-per-day'), value: { number: 2 } },
      { concept: concept('urn:msdt:dosage', 'as-needed'), value: { truth: true } },
    ],
    ...{ from: '2025-11-03', because: ['condition-1'] },
  },
  {
    ...{ kind: 'medication', resource: 'MedicationStatement', scale: 'macro', status: 'completed' },
    concept: { codings: [], text: 'Tramadol' },
    parts: [{ concept: concept('urn:msdt:dosage', 'times-per-day'), value: { number: 0.5 } }],
    ...{ from: '2025-01', to: '2025-03', recorded: '2025-11-03' },
  },
  {
    ...{ kind: 'medication', resource: 'MedicationAdministration', scale: 'macro', status: 'completed' },
    concept: { codings: [], text: 'Methylprednisolone' },
  },
  {
    ...{ kind: 'report', resource: 'DiagnosticReport', scale: 'meso', status: 'final' },
    concept: loinc('30679-5', 'MR lumbar spine'),
    category: [concept('http://terminology.hl7.org/CodeSystem/v2-0074', 'RAD')],
    findings: [snomed('18347007', 'Lumbar spinal stenosis')],
    ...{ from: '2025-11-05T10:00:00Z', recorded: '2025-11-05T15:00:00Z', members: ['observation-1', 'observation-8'] },
  },
  {
    ...{ kind: 'imaging', resource: 'ImagingStudy', scale: 'meso', status: 'available', from: '2025-11-05T10:00:00Z' },
    concept: {
      codings: [
        { system: CODE_SYSTEM.DICOM, code: 'MR' },
        { system: CODE_SYSTEM.DICOM, code: 'SR' },
      ],
    },
    parts: [{ concept: concept('urn:msdt:imaging-study', 'numberOfSeries'), value: { number: 4 } }],
    bodySite: [concept('urn:example', 'lspine'), concept('urn:example', 'pelvis')],
  },
  {
    ...{ kind: 'allergy', resource: 'AllergyIntolerance', scale: 'macro', status: 'active', verification: 'confirmed' },
    concept: { codings: [], text: 'Diclofenac' },
    category: [concept('', 'medication')],
    recorded: '2019-02-03',
  },
  {
    ...{ kind: 'immunization', resource: 'Immunization', scale: 'macro', status: 'completed' },
    concept: concept('http://hl7.org/fhir/sid/cvx', '140', 'Influenza'),
  },
  {
    ...{ kind: 'plan', resource: 'CarePlan', scale: 'macro', status: 'active', intent: 'plan', from: '2025-11-03' },
    concept: snomed('91251008', 'Physical therapy'),
    parts: [{ concept: snomed('229064008', 'Movement therapy') }],
    because: ['condition-1'],
  },
  {
    ...{ kind: 'goal', resource: 'Goal', scale: 'macro', status: 'accepted', from: '2025-11-03' },
    concept: { codings: [], text: 'Walk for an hour' },
  },
  {
    ...{ kind: 'order', resource: 'ServiceRequest', scale: 'macro', status: 'active', intent: 'order' },
    concept: snomed('241645008', 'MRI of spine'),
    ...{ from: '2025-12-01', recorded: '2025-11-03', because: ['condition-1'] },
  },
];

/** The record; places are those in the bundle that the FHIR writer makes of it. */
export function clinicalRecord(): ClinicalRecord {
  const turns: Record<string, number> = {};
  const facts = DRAFTS.map((draft, index) => {
    turns[draft.kind] = (turns[draft.kind] ?? 0) + 1;
    return { id: `${draft.kind}-${turns[draft.kind]}`, ...structuredClone(draft), place: `entry[${index + 1}]` };
  });
  return { person: { sex: 'female', birthYear: 1961 }, facts, skipped: [], withheld: [], synthetic: true };
}
