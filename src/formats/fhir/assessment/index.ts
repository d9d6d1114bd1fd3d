/** An assessment of the inference engine in FHIR R4, there and back. */

export { assessmentFrom } from './read.ts';
export { draftOrder } from './suggestions.ts';
export { addAssessment } from './write.ts';
