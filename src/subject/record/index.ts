import type { Modality } from '../../runtime/index.ts';

/** The clinical record: diagnoses, laboratory, scores, drugs, procedures, each with its time. */
export const record: Modality = {
  id: 'record',
  title: 'Clinical record',
  scales: ['nano', 'macro'],
  kinds: ['record.clinical'],
  accepts: 'FHIR R4 bundle (JSON) or NDJSON',
};
