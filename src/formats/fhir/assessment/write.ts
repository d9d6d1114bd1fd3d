/**
 * An assessment as R4 resources: RiskAssessment with the Observations it rests on, what is suggested and asked, red flags, the
 * patient graph, and how all of it came to be.
 *
 * Probabilities are percentages, as R4 wants them; the 90 % interval stands in an extension, as R4 has room for a number or a range
 * but not for both.
 */

import { type Assessment, CODE_SYSTEM, type HorizonRisk, type SynchronisedFeature } from '../../../model/index.ts';
import { utf8 } from '../../bytes.ts';
import { type BundleBuilder, quantityJson } from '../bundle.ts';
import { type Json, timeOf } from '../json-value.ts';
import { addSuggestions } from './suggestions.ts';
import { contentExtension, LOCAL_ASSESSMENT } from './terms.ts';

type Reference = { reference: string };
type Resource = Json & { resourceType: string; id: string };

/** What an assessment is added to. */
export interface AssessmentContext {
  builder: BundleBuilder;
  /** pseudonymous id of the twin */
  twin: string;
  patient: Reference;
  /** the program */
  software: Reference;
  /** Observations of the bundle by feature id */
  observations: ReadonlyMap<string, Reference>;
  /** ISO 8601 · when the bundle is made */
  at: string;
}

const CATEGORY_SYSTEM = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** Category of an Observation by where knowledge comes from. */
const CATEGORY: Readonly<Record<string, string>> = {
  questionnaire: 'survey',
  laboratory: 'laboratory',
  mri: 'imaging',
  ct: 'imaging',
  radiograph: 'imaging',
  ultrasound: 'imaging',
  dxa: 'imaging',
  emg: 'procedure',
  imu: 'procedure',
  video: 'procedure',
};

const MONTHS: Readonly<Record<HorizonRisk['horizon'], readonly [number, number]>> = {
  '0-12': [0, 12],
  '0-6': [0, 6],
  '6-12': [6, 12],
};

/** Adds an assessment to a bundle. */
export function addAssessment(assessment: Assessment, context: AssessmentContext): void {
  const { builder, patient, software, at } = context;
  const device = builder.add(modelDevice(assessment, software));
  const { basis, sourceOf } = addBasis(assessment, context);
  const graph = builder.add(graphOf(assessment, patient));
  const risk = builder.add(riskOf(assessment, context, device, basis));
  const suggestions = addSuggestions({ builder, patient, device, assessment, sourceOf });
  builder.add({
    resourceType: 'Provenance',
    id: 'provenance-assessment',
    target: [risk, graph, ...suggestions],
    occurredDateTime: assessment.indexDate,
    recorded: at,
    activity: {
      coding: [
        { system: LOCAL_ASSESSMENT.engine, code: assessment.engine.id, version: String(assessment.engine.version) },
      ],
    },
    agent: [{ who: device, onBehalfOf: software }],
    ...(basis.length && { entity: basis.map((what) => ({ role: 'source', what })) }),
  });
}

function modelDevice({ risk: { model, state } }: Assessment, parent: Reference): Resource {
  return {
    resourceType: 'Device',
    id: 'device-model',
    identifier: [{ system: LOCAL_ASSESSMENT.model, value: model.id }],
    deviceName: [{ name: model.id, type: 'model-name' }],
    type: { text: 'risk model, research use only' },
    version: [{ value: String(model.version) }],
    parent,
    note: [{ text: `State: ${state}. Its model card is docs/model-card.md of msdt.` }],
  };
}

/** The Observations that the risk rests on: those of the bundle, and one for every value from elsewhere. */
function addBasis({ used, risk }: Assessment, { builder, patient, observations }: AssessmentContext) {
  const bySource = new Map(observations);
  const basis = new Map<string, Reference>();
  const names = new Map(risk.contributions.map(({ feature, name }) => [feature, name]));
  for (const [index, feature] of used.entries()) {
    const { source } = feature.record;
    const known = source === undefined ? undefined : observations.get(source);
    const reference =
      known ??
      builder.add(basisOf(feature, `basis-${index + 1}`, { subject: patient, name: names.get(feature.feature) }));
    if (source !== undefined && !bySource.has(source)) bySource.set(source, reference);
    basis.set(reference.reference, reference);
  }
  return {
    basis: [...basis.values()],
    sourceOf: (source: string | undefined) => (source === undefined ? undefined : bySource.get(source)),
  };
}

function basisOf(
  { feature, value, record }: SynchronisedFeature,
  id: string,
  { subject, name = feature }: { subject: Reference; name?: string },
): Resource {
  const { time, unit, level, side, source, method, modality } = record;
  const where = [level, side].filter(Boolean).join('.');
  const effective = timeOf(time);
  return {
    resourceType: 'Observation',
    id,
    ...(source && { identifier: [{ system: LOCAL_ASSESSMENT.source, value: source }] }),
    status: 'preliminary',
    category: [{ coding: [{ system: CATEGORY_SYSTEM, code: CATEGORY[modality ?? ''] ?? 'exam' }] }],
    code: { coding: [{ system: LOCAL_ASSESSMENT.dictionary, code: feature, display: name }], text: name },
    subject,
    ...(effective && { effectiveDateTime: effective }),
    ...(typeof value === 'number'
      ? { valueQuantity: quantityJson(value, unit) }
      : { valueCodeableConcept: { text: value } }),
    ...(where && { bodySite: { text: where } }),
    ...(method && { method: { text: method } }),
  };
}

function riskOf(
  assessment: Assessment,
  { twin, patient }: AssessmentContext,
  device: Reference,
  basis: readonly Reference[],
): Resource {
  const { risk, indexDate, suggestions, engine, settingChosen, actionBand, challenger, used, leftOut, worth } =
    assessment;
  const { horizons, caution, model, ...rest } = risk;
  const rationale = rationaleOf(assessment);
  return {
    resourceType: 'RiskAssessment',
    id: 'risk-1',
    extension: [
      contentExtension({
        schemaVersion: 1,
        engine,
        settingChosen,
        actionBand,
        challenger,
        used,
        leftOut,
        worth,
        risk: rest,
      }),
    ],
    identifier: [{ system: LOCAL_ASSESSMENT.id, value: `${twin}/${indexDate}` }],
    status: 'preliminary',
    method: {
      coding: [{ system: LOCAL_ASSESSMENT.model, code: model.id, version: String(model.version) }],
      text: `${model.id}, version ${model.version}: ${risk.state}`,
    },
    code: {
      coding: [{ system: LOCAL_ASSESSMENT.risk, code: 'spine-surgery' }],
      text: 'Risk that spinal surgery happens; not the need of surgery',
    },
    subject: patient,
    occurrenceDateTime: indexDate,
    performer: device,
    ...(basis.length && { basis }),
    prediction: horizons.map((horizon) => predictionOf(horizon, rationale)),
    mitigation: mitigationOf(suggestions.length),
    ...(caution && { note: [{ text: caution }] }),
  };
}

/** Setting and state in words; the setting decides more than the anatomy. */
function rationaleOf({ risk: { setting, caution, state }, settingChosen }: Assessment): string {
  const chosen = settingChosen ? '' : ' (assumed: nobody has chosen one)';
  const base = `base rate ${(100 * setting.baseRate).toPrecision(3)} %`;
  return `Setting: ${setting.name}${chosen}, ${base}, ${setting.source}. State of the model: ${state}. ${caution}`.trim();
}

function mitigationOf(suggestions: number): string {
  return suggestions
    ? 'Nothing follows from this number alone. What rules suggest stands in the GuidanceResponses beside it; a person decides.'
    : 'Nothing follows from this number alone, and no rule suggests anything; a person decides.';
}

function predictionOf({ horizon, probability, low, high, expected }: HorizonRisk, rationale: string): Json {
  const [from, to] = MONTHS[horizon];
  const months = (value: number) => ({ value, unit: 'months', system: CODE_SYSTEM.UCUM, code: 'mo' });
  return {
    extension: [
      {
        url: LOCAL_ASSESSMENT.interval,
        extension: [
          { url: 'level', valueDecimal: 0.9 },
          ...Object.entries({ probability, low, high, expected }).map(([url, valueDecimal]) => ({
            url,
            valueDecimal,
          })),
        ],
      },
    ],
    outcome: { coding: [{ system: LOCAL_ASSESSMENT.outcome, code: 'spine-surgery' }], text: 'Spinal surgery' },
    probabilityDecimal: Number((100 * probability).toPrecision(6)),
    whenRange: { low: months(from), high: months(to) },
    rationale,
  };
}

/** The patient graph as a document beside the resources: FHIR has no type for it. */
function graphOf({ graph }: Assessment, subject: Reference): Resource {
  return {
    resourceType: 'DocumentReference',
    id: 'graph-1',
    status: 'current',
    type: { coding: [{ system: 'urn:msdt:artifact-kind', code: LOCAL_ASSESSMENT.graph }], text: 'Patient graph' },
    subject,
    content: [
      { attachment: { contentType: 'application/json', title: 'Patient graph', data: base64(JSON.stringify(graph)) } },
    ],
  };
}

function base64(text: string): string {
  let binary = '';
  for (const byte of utf8(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
