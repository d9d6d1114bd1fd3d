/** A FHIR R4 bundle of a made-up patient with a lumbar radiculopathy: what a clinic's record system would send. SYNTHETIC. */

type Json = Record<string, unknown>;

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';

const coded = (system: string, code: string, display: string): Json => ({ coding: [{ system, code, display }] });
const subject = { reference: 'Patient/p1' };
const entry = (resource: Json): Json => ({ fullUrl: `urn:example:${resource.resourceType}-${resource.id}`, resource });

function observation(id: string, code: Json, value: number, unit: string, more: Json = {}): Json {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code,
    subject,
    effectiveDateTime: '2026-03-02T09:30:00Z',
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
    ...more,
  };
}

const condition = (id: string, code: Json, onsetDateTime: string): Json => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active', 'Active'),
  verificationStatus: coded('http://terminology.hl7.org/CodeSystem/condition-ver-status', 'confirmed', 'Confirmed'),
  code,
  subject,
  onsetDateTime,
});

/** The bundle as it would lie in a file. */
export function spineBundle(): string {
  const laboratory = {
    category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory', 'Laboratory')],
  };
  const resources: Json[] = [
    {
      resourceType: 'Patient',
      id: 'p1',
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }] },
      name: [{ family: 'Example', given: ['Synthetic'] }],
      gender: 'female',
      birthDate: '1971-06-14',
    },
    { resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Example' }] },
    condition('c1', coded(SNOMED, '128196005', 'Lumbar radiculopathy'), '2025-05-20'),
    condition('c2', coded(SNOMED, '279039007', 'Low back pain'), '2025-01-10'),
    observation('o1', coded(LOINC, '97909-6', 'Oswestry Disability Index'), 48, '%'),
    observation('o2', coded(LOINC, '72514-3', 'Pain severity'), 7, '{score}', {
      bodySite: coded(SNOMED, '61685007', 'Lower limb'),
    }),
    observation('o3', coded(LOINC, '1988-5', 'C-reactive protein'), 2.4, 'mg/L', laboratory),
    observation('o4', coded(LOINC, '4548-4', 'Haemoglobin A1c'), 5.6, '%', laboratory),
    {
      resourceType: 'Procedure',
      id: 'x1',
      status: 'completed',
      code: coded(SNOMED, '91251008', 'Physical therapy procedure'),
      subject,
      performedPeriod: { start: '2025-09-01', end: '2025-12-20' },
    },
  ];
  return JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: resources.map(entry) });
}
