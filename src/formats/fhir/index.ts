/**
 * HL7 FHIR R4 (4.0.1) in JSON: a resource, a bundle, or NDJSON with one resource a line.
 *
 * Reading makes one `record.clinical` a person; every resource becomes a fact or a line that says why not. Of the person only
 * sex and year of birth go on. Writing makes a bundle of type collection; `featureBundle` writes what the twin measured.
 */

import type { ClinicalRecord, Format } from '../../model/index.ts';
import { latin1, looksLikeText } from '../bytes.ts';
import { isFhirHead } from '../json/index.ts';
import { expectWritable } from '../report.ts';
import { bundleFile } from './bundle.ts';
import { readFhir } from './read.ts';
import { recordBundle } from './write-record.ts';

export { assessmentFrom, draftOrder } from './assessment/index.ts';
export { featuresFrom } from './features/read.ts';
export { type FeatureBundleInput, featureBundle } from './features/write.ts';

/** The FHIR format. */
export const fhir: Format = {
  id: 'fhir',
  title: 'HL7 FHIR R4',
  extensions: ['.fhir.json', '.json', '.ndjson', '.jsonl'],
  mediaType: 'application/fhir+json',
  reads: ['record.clinical'],
  writes: ['record.clinical'],

  sniff(head) {
    return looksLikeText(head) && isFhirHead(latin1(head).replace(/^\xef\xbb\xbf/, '')) ? 'yes' : 'no';
  },

  read(files, options = {}) {
    return readFhir(files, options);
  },

  write(artifact) {
    expectWritable(artifact.kind, this.writes);
    return [bundleFile(recordBundle(artifact.payload as ClinicalRecord, 'record'), artifact.name)];
  },
};
