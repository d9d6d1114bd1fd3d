/** Wire form of inference: risk, suggestions, asks, patient graph, the site's model, cohorts. */

import { z } from 'zod';
import { isoTime, locator } from './nouns.ts';

const text = z.string();
const evidence = z.object({ artifact: text, locator });

/** A value of the feature space with its way back. */
export const featureRecord = z.object({
  feature: text,
  value: z.union([z.number(), text]),
  unit: text,
  sd: z.number().optional(),
  time: isoTime.optional(),
  undated: z.literal(true).optional().describe('nobody knows when it was taken'),
  posture: text.optional(),
  side: text.optional(),
  level: text.optional(),
  task: text.optional(),
  device: text.optional(),
  method: text.optional(),
  version: z.union([z.number(), text]).optional(),
  quality: z.number().optional(),
  grader: text.optional(),
  modality: text.optional(),
  source: text.optional().describe('id of the feature of the twin, or of the fact of the record'),
  evidence: z.array(evidence).optional(),
});

export const synchronisedFeature = z.object({
  feature: text,
  value: z.union([z.number(), text]),
  sd: z.number().describe('measurement and age together · unit of the dictionary'),
  sdMeasured: z.number(),
  ageDays: z.number(),
  record: featureRecord,
});

export const contribution = z.object({
  feature: text,
  name: text,
  modality: text,
  construct: text,
  mean: z.number().describe('log-odds; all means and the intercept add up to the logit'),
  sd: z.number(),
  observed: z.boolean(),
  held: z.boolean().describe('weight held at zero for want of evidence'),
  value: z.union([z.number(), text]).optional(),
  unit: text,
  yesNo: z.literal(true).optional().describe('its values 1 and 0 are yes and no'),
  row: z.number().int().describe('row of the knowledge table, counted from 1'),
  ageDays: z.number().optional(),
  record: featureRecord.optional(),
});

export const modelState = z.enum([
  'prior-driven',
  'intercept-recalibrated',
  'slope-recalibrated',
  'validated-locally',
  'revised',
  'suspended',
  'failed',
]);

export const horizonRisk = z.object({
  horizon: z.enum(['0-6', '6-12', '0-12']).describe('months after the index date'),
  probability: z.number(),
  low: z.number(),
  high: z.number(),
  expected: z.number(),
});

export const riskPrediction = z.object({
  model: z.object({ id: text, version: z.number() }),
  state: modelState,
  caution: text,
  setting: z.object({ id: text, name: text, baseRate: z.number(), source: text }),
  indexDate: isoTime,
  horizons: z.array(horizonRisk).describe('0-12 first, then 0-6 and 6-12'),
  logit: z.number(),
  sdLogit: z.number(),
  intercept: z.number(),
  interceptSd: z.number(),
  doubt: z.object({ parameter: z.number(), measurement: z.number(), missing: z.number() }),
  contributions: z.array(contribution),
  synthetic: z.boolean(),
});

export const coding = z.object({ system: text, code: text, display: text.optional() });

export const examinationWorth = z.object({
  modality: text,
  features: z.array(text),
  varianceDrop: z.number(),
  sdAfter: z.number(),
  sdNow: z.number(),
});

export const suggestion = z.object({
  id: text,
  rule: text,
  title: text,
  detail: text,
  kind: z.enum([
    'examination',
    'referral',
    'treatment',
    'advice',
    'avoid',
    'reminder',
    'questionnaire',
    'optimisation',
  ]),
  strength: z.enum(['A', 'B', 'C', 'X', '-']),
  urgency: z.enum(['emergency', 'urgent', 'routine']),
  source: text,
  because: z.array(
    z.object({ finding: text, text, record: featureRecord.optional(), evidence: z.array(evidence).optional() }),
  ),
  order: coding.optional(),
  modality: text.optional(),
  worth: examinationWorth.optional(),
});

export const answerForm = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('yes-no') }),
  z.object({ kind: z.literal('number'), unit: text, min: z.number(), max: z.number() }),
  z.object({ kind: z.literal('choice'), options: z.array(z.object({ value: text, text })) }),
]);

export const ask = z.object({
  finding: text,
  question: text,
  form: answerForm,
  rules: z.array(text),
  redFlag: z.boolean(),
});

export const graphNode = z.object({
  id: text,
  kind: z.enum([
    'patient',
    'setting',
    'modality',
    'exam',
    'feature',
    'construct',
    'outcome',
    'region',
    'vertebra',
    'disc',
  ]),
  name: text,
  value: z.union([z.number(), text]).optional(),
  unit: text.optional(),
  yesNo: z.literal(true).optional(),
  sd: z.number().optional(),
  time: isoTime.optional(),
  level: text.optional(),
  side: text.optional(),
  modality: text.optional(),
  contribution: z.number().optional(),
  contributionSd: z.number().optional(),
  observed: z.boolean().optional(),
  held: z.boolean().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  codes: z.array(coding).optional(),
  source: text.optional(),
});

export const graphEdge = z.object({
  from: text,
  to: text,
  type: z.enum([
    'underwent',
    'by',
    'showed',
    'gives',
    'would-bring',
    'describes',
    'drives',
    'located-at',
    'part-of',
    'adjacent',
    'before',
  ]),
  weight: z.number().optional(),
  sd: z.number().optional(),
});

export const patientGraph = z.object({
  schemaVersion: z.literal(1),
  twin: text,
  indexDate: isoTime,
  nodes: z.array(graphNode),
  edges: z.array(graphEdge),
  synthetic: z.boolean(),
});

export const assessment = z.object({
  schemaVersion: z.literal(1),
  engine: z.object({ id: text, version: z.number() }),
  indexDate: isoTime,
  settingChosen: z.boolean().describe('false: the setting was assumed, nobody chose it'),
  risk: riskPrediction,
  challenger: z
    .object({
      model: z.object({ id: text, version: z.number() }),
      probability: z.number(),
      note: text,
      explanation: z.array(z.object({ feature: text, name: text, worth: z.number() })).optional(),
    })
    .optional(),
  actionBand: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('band that the rules read the risk against · 0 to 1'),
  conformal: z
    .object({ set: z.array(z.enum(['surgery', 'no surgery'])), alpha: z.number(), cases: z.number().int() })
    .optional()
    .describe('answers that cannot be ruled out; both: undecided; absent below fifty own outcomes of either kind'),
  used: z.array(synchronisedFeature),
  leftOut: z.array(z.object({ record: featureRecord, reason: text, detail: text })),
  suggestions: z.array(suggestion),
  asks: z.array(ask),
  worth: z.array(examinationWorth),
  graph: patientGraph,
  synthetic: z.boolean(),
});

/** An assessment as the twin holds it. */
export const storedAssessment = z.object({
  number: z.number().int().describe('1 for the first of a twin; never reused, never changed'),
  at: isoTime,
  reason: text.describe('what happened that it was made anew'),
  snapshot: z.number().int().optional(),
  assessment,
});

/** One line of the risk over time. */
export const assessmentLine = z.object({
  number: z.number().int(),
  at: isoTime,
  reason: text,
  indexDate: isoTime,
  setting: text,
  settingChosen: z.boolean(),
  state: modelState,
  modelVersion: z.number(),
  horizons: z.array(horizonRisk),
  logit: z.number(),
  sdLogit: z.number(),
  observed: z.number().int().describe('features that were measured'),
});
export const assessmentLines = z.object({ assessments: z.array(assessmentLine) });

export const answer = z.object({
  finding: z.string().min(1).max(120),
  value: z.union([z.number(), z.string().max(200)]),
  at: isoTime,
  user: z.string().max(120).optional(),
});

/** Patients of the site that are like this one in what both were measured by. */
export const likePatients = z.object({
  patients: z.array(
    z.object({
      twin: text,
      alias: text,
      synthetic: z.boolean(),
      distance: z.number().describe('Gower distance: 0 alike, 1 as far apart as the population goes'),
      shared: z.number().int().describe('features both have'),
      indexDate: isoTime,
      probability: z.number().describe('their risk of surgery within twelve months'),
      low: z.number().describe('its 90 % interval'),
      high: z.number(),
      operatedIn: z
        .union([z.literal(0), z.literal(1), z.literal(2)])
        .optional()
        .describe('where follow-up is closed'),
    }),
  ),
});

/** What a person says beside the data: setting, index date, answers to asks. */
export const inferenceDesk = z.object({
  schemaVersion: z.literal(1),
  setting: text.optional(),
  indexDate: isoTime.optional().describe('the newest date of the data when absent'),
  answers: z.array(answer).max(2000),
});
export const inferenceDeskVersion = z.object({
  version: z.number().int(),
  savedAt: isoTime.optional(),
  document: inferenceDesk,
});
export const putInferenceDesk = z.object({ baseVersion: z.number().int().nonnegative(), document: inferenceDesk });

export const decide = z.object({
  suggestion: z.string().min(1).max(120),
  decision: z.enum(['accepted', 'overridden']),
  reason: z.string().max(2000).optional().describe('needed when overridden'),
  user: z.string().max(120).optional(),
  assessment: z.number().int().optional(),
});
export const decision = decide.extend({ rule: text, at: isoTime });
export const decisionList = z.object({ decisions: z.array(decision) });

export const putOutcome = z.object({
  operatedIn: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .describe('0 not operated in twelve months · 1 in months 0-6 · 2 in months 6-12'),
  closedAt: isoTime.describe('when the twelve months of follow-up ended'),
});

const actionBand = z
  .tuple([z.number().gt(0).lt(1), z.number().gt(0).lt(1)])
  .describe('risks within twelve months that rules read a risk against, the lower one first · 0 to 1');

/** What a site sets for all its patients. */
export const siteSettings = z.object({
  actionBand,
  actionBandChosen: z.boolean().describe('false: nobody has set it, the engine’s own is taken'),
});
export const putSiteSettings = z.object({ actionBand });

export const modelEvent = z.object({ kind: text, at: isoTime, version: z.number(), reason: text.optional() }).loose();
export const siteModel = z.object({
  setting: text,
  active: z.number(),
  state: modelState,
  suspended: z.boolean(),
  versions: z.array(
    z.object({ version: z.number(), state: modelState, patients: z.number(), events: z.number(), reason: text }),
  ),
  outcomes: z.number().int(),
  operated: z.number().int(),
  /** cumulative observed less expected after each outcome, for the drift chart */
  drift: z.array(z.object({ patient: text, predicted: z.number(), observed: z.number(), sum: z.number() })),
  challenger: z
    .object({
      version: z.number(),
      learnt: z.number().int(),
      verdict: z
        .object({
          version: z.number(),
          promoted: z.boolean(),
          outcomes: z.number(),
          events: z.number(),
          reasons: z.array(text),
        })
        .optional(),
    })
    .optional()
    .describe('the graph network trained on own outcomes, and how its predecessor did on later ones'),
  alarm: z.enum(['up', 'down']).nullable(),
  sinceDrift: z
    .number()
    .int()
    .optional()
    .describe('outcomes since the drift began: after an alarm an update learns from these alone'),
  events: z.array(modelEvent),
});
export const rollBackModel = z.object({
  setting: text.optional(),
  version: z.number().int(),
  reason: z.string().min(1).max(2000),
});

export const knowledge = z.object({
  version: text,
  settings: z.array(z.object({ id: text, name: text, baseRate: z.number(), horizon: text, source: text })),
  features: z.array(
    z.object({
      id: text,
      name: text,
      unit: text,
      row: z.number().int(),
      modality: text,
      construct: text,
      use: z.enum(['active', 'held', 'context']),
      valueKind: z.enum(['number', 'yes-no', 'grade', 'class']),
      windowDays: z.number().optional(),
      reference: text,
      direction: text,
      ratio: text,
      interval: text,
      ratioAbout: text,
      source: text,
      step: text,
      priorMean: z.number().optional(),
      priorSd: z.number().optional(),
      code: text,
    }),
  ),
  findings: z.array(z.object({ id: text, question: text, form: answerForm, redFlag: z.boolean() })),
  rules: z.array(z.object({ id: text, title: text, when: text, strength: text, urgency: text, source: text })),
});

/** Request to train and score learners on a table; the result lies in the cohort of the job. */
export const evaluateCohort = z.object({
  name: z.string().min(1).max(200),
  table: z.string().min(1).max(7_000_000).describe('CSV, one row a patient'),
  outcome: z.string().min(1).max(200),
  positive: z.string().max(200).optional(),
  repeats: z.number().int().min(1).max(50).default(10),
  folds: z.number().int().min(2).max(20).default(5),
  learners: z.array(z.string()).optional(),
});
/** Request to generate and score a SYNTHETIC cohort with the model in use. */
export const simulateCohort = z.object({
  patients: z.number().int().min(200).max(100_000).default(2000),
  seed: z.number().int().nonnegative().default(1),
});

const pair = z.tuple([z.number(), z.number()]);
const figures = z.record(text, z.number().nullable());
export const cohortResult = z.object({
  id: z.number().int(),
  at: isoTime,
  name: text,
  synthetic: z.boolean(),
  rows: z.number().int(),
  events: z.number().int(),
  outcome: text,
  positive: text,
  notes: z.array(text),
  repeats: z.number().int(),
  folds: z.number().int(),
  learners: z.array(
    z.object({
      learner: text,
      figures,
      spread: figures.optional(),
      interval: z.record(text, pair).optional(),
      calibration: z.array(
        z.object({
          count: z.number(),
          predicted: z.number(),
          observed: z.number(),
          low: z.number().optional(),
          high: z.number().optional(),
        }),
      ),
      decision: z.array(
        z.object({
          threshold: z.number(),
          model: z.number(),
          low: z.number().optional().describe('90 % interval of the net benefit of the model'),
          high: z.number().optional(),
          treatAll: z.number(),
          treatNone: z.number().optional(),
        }),
      ),
    }),
  ),
  contributions: z.array(z.object({ column: text, contribution: z.number(), low: z.number(), high: z.number() })),
});
export const cohortList = z.object({
  cohorts: z.array(cohortResult.pick({ id: true, at: true, name: true, synthetic: true, rows: true, events: true })),
});
