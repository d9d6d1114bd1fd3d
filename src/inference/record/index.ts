/** What clinical records say, in the words of the inference engine. */

export { readClinical, recordsFromClinical } from './clinical.ts';
export type { ClinicalReading, LeftOutFact } from './reading.ts';
export { type SurgeryOutcome, surgeryOf } from './surgery.ts';
