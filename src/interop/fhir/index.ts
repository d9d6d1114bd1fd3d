/** A FHIR R4 server over REST: one patient read page by page, a bundle of ours written so that twice is once. */

import type { Tool } from '../../runtime/index.ts';

export { type ReadPatientOptions, type ReadPatientResult, readPatient } from './read.ts';
export type { FhirConnection } from './request.ts';
export { type WriteBundleOptions, type WriteBundleResult, writeBundle } from './write.ts';

/** A FHIR server. Nothing has to be on this machine: which server it is, is said when it is asked. */
export const fhirServer: Tool = {
  id: 'fhir',
  title: 'FHIR server',
  found: async () => true,
  detect: async () => 'R4 over REST',
};
