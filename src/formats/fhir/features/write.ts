/**
 * What the twin measured, as an R4 bundle: an Observation a feature, the report that holds them, what they were made from and how.
 *
 * Observations are `preliminary`: no clinician has signed them. Codes are local (`urn:msdt:…`) with the public code beside them
 * where the dictionary has one.
 */

import {
  type Acquisition,
  type Artifact,
  type Assessment,
  type ClinicalRecord,
  CODE_SYSTEM,
  type Feature,
  type FeatureDefinition,
  type ReferenceRange,
  type WrittenFile,
} from '../../../model/index.ts';
import { addAssessment } from '../assessment/index.ts';
import { type BundleBuilder, bundleBuilder, bundleFile, patientOf, quantityJson } from '../bundle.ts';
import { defined, type Json } from '../json-value.ts';
import { factExtension, LOCAL_FEATURE, uncertaintyExtension } from './extensions.ts';

/** What a bundle of features is made from. */
export interface FeatureBundleInput {
  /** pseudonymous id of the twin */
  twin: string;
  person?: ClinicalRecord['person'];
  synthetic: boolean;
  features: readonly Feature[];
  /** entry of the feature dictionary */
  definitionOf(id: string): FeatureDefinition | undefined;
  artifacts: readonly Pick<Artifact, 'id' | 'kind' | 'name' | 'acquisition'>[];
  acquisitions: readonly Pick<Acquisition, 'id' | 'modality' | 'takenAt'>[];
  /** what the inference engine says of the twin */
  assessment?: Assessment;
  /** name and version of the program */
  software: string;
  /** ISO 8601 with time zone · when the bundle is made */
  at: string;
}

type Resource = Json & { resourceType: string; id: string };

const DICOM_MODALITY: Readonly<Record<string, string>> = { ct: 'CT', mr: 'MR' };
const CATEGORY_SYSTEM = 'http://terminology.hl7.org/CodeSystem/observation-category';

/**
 * The features of a twin as a file.
 * @param name - of the file, without its ending
 */
export function featureBundle(input: FeatureBundleInput, name: string): WrittenFile {
  const { synthetic, at, twin } = input;
  const builder = bundleBuilder(`twin ${twin}`, { synthetic, timestamp: at });
  const patient = builder.add({
    ...patientOf(input.person ?? {}),
    identifier: [{ system: 'urn:msdt:twin', value: twin }],
  });
  const device = builder.add(deviceOf(input.software));
  const sources = addSources(input, builder, patient);
  const results = input.features.map((feature, index) => {
    const used = sourcesOf(feature, sources);
    const resource = observationOf(feature, `feature-${index + 1}`, { input, patient, device, used });
    return { feature, used, reference: builder.add(resource) };
  });
  builder.add(reportOf(input, results, { patient, device, studies: [...sources.studies.values()] }));
  const runs = new Set(results.map(({ feature }) => feature.run));
  for (const [index, run] of [...runs].entries()) {
    const made = results.filter(({ feature }) => feature.run === run);
    builder.add(provenanceOf(made, `provenance-${index + 1}`, device));
  }
  if (input.assessment) {
    const observations = new Map(results.map(({ feature, reference }) => [feature.id, reference]));
    addAssessment(input.assessment, { builder, twin, patient, software: device, observations, at });
  }
  return bundleFile(builder.bundle(), name);
}

type Reference = { reference: string };

interface Result {
  feature: Feature;
  used: Reference[];
  reference: Reference;
}

interface Sources {
  studies: Map<string, Reference>;
  documents: Map<string, { kind: string; references: Reference[] }>;
}

function deviceOf(software: string): Resource {
  return {
    resourceType: 'Device',
    id: 'device-1',
    deviceName: [{ name: 'msdt', type: 'model-name' }],
    type: { text: 'software, research use only' },
    version: [{ value: software }],
  };
}

/** Studies that came in, and documents for the artifacts that features point at. */
function addSources(input: FeatureBundleInput, builder: BundleBuilder, subject: Reference): Sources {
  const studies = new Map<string, Reference>();
  for (const { id, modality, takenAt } of input.acquisitions) {
    const code = DICOM_MODALITY[modality];
    if (!code) continue;
    const study = builder.add({
      resourceType: 'ImagingStudy',
      id: `study-${studies.size + 1}`,
      identifier: [{ system: 'urn:msdt:acquisition', value: id }],
      status: 'available',
      modality: [{ system: CODE_SYSTEM.DICOM, code }],
      subject,
      ...(takenAt && { started: takenAt }),
    });
    studies.set(id, study);
  }
  const used = new Set(input.features.flatMap(({ evidence }) => evidence.map(({ artifact }) => artifact)));
  const documents: Sources['documents'] = new Map();
  for (const { id, kind, name, acquisition } of input.artifacts) {
    if (!used.has(id)) continue;
    const document = builder.add({
      resourceType: 'DocumentReference',
      id: `artifact-${documents.size + 1}`,
      identifier: [{ system: 'urn:msdt:artifact', value: id }],
      status: 'current',
      type: { coding: [{ system: 'urn:msdt:artifact-kind', code: kind }], text: name },
      subject,
      content: [{ attachment: { title: name } }],
    });
    const study = acquisition === undefined ? undefined : studies.get(acquisition);
    documents.set(id, { kind, references: study ? [document, study] : [document] });
  }
  return { studies, documents };
}

function sourcesOf(feature: Feature, { documents }: Sources): Reference[] {
  const all = feature.evidence.flatMap(({ artifact }) => documents.get(artifact)?.references ?? []);
  return [...new Map(all.map((one) => [one.reference, one])).values()];
}

interface About {
  input: FeatureBundleInput;
  patient: Reference;
  device: Reference;
  used: Reference[];
}

function observationOf(feature: Feature, id: string, { input, patient, device, used }: About): Resource {
  const { value, missing, unit, level, side, site, posture, quality } = feature;
  const definition = input.definitionOf(feature.definition);
  const where = [site, level, side].filter(Boolean).join('.');
  const ranges = (definition?.reference ?? []).filter((range) => fits(range, feature));
  return {
    resourceType: 'Observation',
    id,
    extension: [uncertaintyExtension(feature.uncertainty), factExtension(feature)],
    identifier: [{ system: LOCAL_FEATURE.id, value: feature.id }],
    status: 'preliminary',
    category: [{ coding: [{ system: CATEGORY_SYSTEM, code: categoryOf(feature, input) }] }],
    code: codeOf(feature, definition),
    subject: patient,
    ...(feature.validAt && { effectiveDateTime: feature.validAt }),
    issued: feature.knownAt,
    ...(typeof value === 'number' && { valueQuantity: quantityJson(value, unit) }),
    ...(typeof value === 'string' && { valueCodeableConcept: { text: value } }),
    ...(value === null && { dataAbsentReason: { text: missing ?? 'unknown' } }),
    ...(where && { bodySite: { coding: [{ system: LOCAL_FEATURE.site, code: where }], text: where } }),
    method: {
      coding: [{ system: LOCAL_FEATURE.capability, code: feature.capability, version: String(feature.version) }],
      text: feature.method,
    },
    device,
    ...(used.length && { derivedFrom: used }),
    ...(ranges.length && { referenceRange: ranges.map((range) => rangeOf(range, unit)) }),
    component: [
      ...contextOf('posture', posture),
      ...contextOf('task', feature.task),
      ...windowOf(feature),
      { code: contextCode('quality'), valueQuantity: { value: quality, system: CODE_SYSTEM.UCUM, code: '1' } },
    ],
  };
}

function codeOf({ definition }: Feature, about: FeatureDefinition | undefined): Json {
  const local = defined({ system: LOCAL_FEATURE.definition, code: definition, display: about?.name });
  const { code } = about ?? {};
  return {
    coding: [local, ...(code ? [{ system: CODE_SYSTEM[code.system], code: code.code }] : [])],
    ...(about && { text: about.name }),
  };
}

/** Pictures, labels and surfaces are imaging; recordings are a procedure; the rest is an examination. */
function categoryOf({ evidence }: Feature, { artifacts }: FeatureBundleInput): string {
  const kinds = evidence.map(({ artifact }) => artifacts.find(({ id }) => id === artifact)?.kind.split('.')[0] ?? '');
  if (kinds.some((kind) => ['volume', 'labelmap', 'mesh', 'landmarks', 'curve'].includes(kind))) return 'imaging';
  return kinds.some((kind) => kind === 'signal' || kind === 'sequence') ? 'procedure' : 'exam';
}

function fits(range: ReferenceRange, { posture, level }: Feature): boolean {
  return (!range.posture || range.posture === posture) && (!range.level || range.level === level);
}

function rangeOf({ low, high, source }: ReferenceRange, unit: Feature['unit']): Json {
  return { low: quantityJson(low, unit), high: quantityJson(high, unit), text: source };
}

function contextCode(code: string): Json {
  return { coding: [{ system: LOCAL_FEATURE.context, code }] };
}

function contextOf(code: 'posture' | 'task', value: string | undefined): Json[] {
  if (!value) return [];
  return [
    {
      code: contextCode(code),
      valueCodeableConcept: { coding: [{ system: `urn:msdt:${code}`, code: value }], text: value },
    },
  ];
}

function windowOf({ window }: Feature): Json[] {
  if (!window) return [];
  const { label, startS, endS } = window;
  const code = { ...contextCode('window'), text: label };
  return [{ code, valueRange: { low: quantityJson(startS, 's'), high: quantityJson(endS, 's') } }];
}

function reportOf(
  { at, features }: FeatureBundleInput,
  results: readonly Result[],
  { patient, studies }: { patient: Reference; device: Reference; studies: Reference[] },
): Resource {
  const latest = features
    .map(({ validAt }) => validAt ?? '')
    .sort()
    .at(-1);
  return {
    resourceType: 'DiagnosticReport',
    id: 'report-1',
    status: 'preliminary',
    code: {
      coding: [{ system: 'urn:msdt:report', code: 'measurements' }],
      text: 'Measurements of the musculoskeletal digital twin, research use only',
    },
    subject: patient,
    ...(latest && { effectiveDateTime: latest }),
    issued: at,
    ...(results.length && { result: results.map(({ reference }) => reference) }),
    ...(studies.length && { imagingStudy: studies }),
  };
}

function provenanceOf(made: readonly Result[], id: string, device: Reference): Resource {
  const [{ feature }] = made;
  const sources = [...new Map(made.flatMap(({ used }) => used).map((one) => [one.reference, one])).values()];
  return {
    resourceType: 'Provenance',
    id,
    target: made.map(({ reference }) => reference),
    recorded: feature.knownAt,
    activity: {
      coding: [{ system: LOCAL_FEATURE.capability, code: feature.capability, version: String(feature.version) }],
    },
    agent: [{ who: device }],
    ...(sources.length && { entity: sources.map((what) => ({ role: 'source', what })) }),
  };
}
