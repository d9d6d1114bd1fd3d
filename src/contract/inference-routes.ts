/** Routes of inference: assessment, what people say beside the data, decisions, the site's model, cohorts. */

import { z } from 'zod';
import { jobRef } from './api.ts';
import * as inference from './inference.ts';

const twinId = z.object({ twin: z.string() });
const ofSetting = z.object({ setting: z.string().optional().describe('the assumed setting when absent') });

export const INFERENCE_ROUTES = {
  getAssessment: {
    method: 'GET',
    path: '/api/twins/:twin/assessment',
    params: twinId,
    query: z.object({ number: z.coerce.number().int().optional() }),
    reply: inference.storedAssessment,
    summary: 'The newest assessment of a twin, or the one of a number',
  },
  listAssessments: {
    method: 'GET',
    path: '/api/twins/:twin/assessments',
    params: twinId,
    reply: inference.assessmentLines,
    summary: 'The risk over time, oldest first; append-only',
  },
  queryGraph: {
    method: 'GET',
    path: '/api/twins/:twin/graph',
    params: twinId,
    query: z.object({
      kinds: z.string().optional().describe('kinds of nodes, with commas'),
      level: z.string().optional().describe('a vertebra takes its discs too'),
      modality: z.string().optional(),
      from: z.string().optional(),
      to: z.string().optional(),
      node: z.string().optional().describe('only this node and what is beside it'),
    }),
    reply: inference.patientGraph,
    summary: 'The patient graph of the newest assessment, or a part of it',
  },
  patientsLikeThis: {
    method: 'GET',
    path: '/api/twins/:twin/like',
    params: twinId,
    query: z.object({ count: z.coerce.number().int().min(1).max(50).default(10) }),
    reply: inference.likePatients,
    summary: 'Other patients of the site that are like this one',
  },
  assessTwin: {
    method: 'POST',
    path: '/api/twins/:twin/assess',
    params: twinId,
    reply: inference.storedAssessment,
    summary: 'Assess anew now',
  },
  getInferenceDesk: {
    method: 'GET',
    path: '/api/twins/:twin/inference-desk',
    params: twinId,
    reply: inference.inferenceDeskVersion,
    summary: 'Setting, index date and answers given by hand',
  },
  putInferenceDesk: {
    method: 'PUT',
    path: '/api/twins/:twin/inference-desk',
    params: twinId,
    body: inference.putInferenceDesk,
    reply: inference.inferenceDeskVersion,
    summary: 'Save setting, index date and answers (a new version) and assess anew',
  },
  decideSuggestion: {
    method: 'POST',
    path: '/api/twins/:twin/decisions',
    params: twinId,
    body: inference.decide,
    reply: inference.decision,
    summary: 'Accept or override a suggestion of the newest assessment; append-only',
  },
  listDecisions: {
    method: 'GET',
    path: '/api/twins/:twin/decisions',
    params: twinId,
    reply: inference.decisionList,
    summary: 'What people made of suggestions, oldest first',
  },
  putOutcome: {
    method: 'POST',
    path: '/api/twins/:twin/outcome',
    params: twinId,
    body: inference.putOutcome,
    reply: inference.siteModel,
    summary: 'Close the follow-up of a patient: the site’s model learns of it',
  },
  getKnowledge: {
    method: 'GET',
    path: '/api/inference/knowledge',
    reply: inference.knowledge,
    summary: 'Feature dictionary with priors and sources, settings, findings, rules',
  },
  getSiteSettings: {
    method: 'GET',
    path: '/api/inference/site',
    reply: inference.siteSettings,
    summary: 'What the site sets for all its patients: the action band',
  },
  putSiteSettings: {
    method: 'PUT',
    path: '/api/inference/site',
    body: inference.putSiteSettings,
    reply: inference.siteSettings,
    summary: 'Set the action band; it counts from the next assessment of each twin on',
  },
  getSiteModel: {
    method: 'GET',
    path: '/api/inference/model',
    query: ofSetting,
    reply: inference.siteModel,
    summary: 'The model in use, its versions, outcomes, drift and alarms',
  },
  updateSiteModel: {
    method: 'POST',
    path: '/api/inference/model/update',
    body: ofSetting,
    reply: inference.siteModel,
    summary: 'Learn the next version from closed outcomes',
  },
  rollBackSiteModel: {
    method: 'POST',
    path: '/api/inference/model/rollback',
    body: inference.rollBackModel,
    reply: inference.siteModel,
    summary: 'Go back to an earlier version; the later one stays in the log',
  },
  evaluateCohort: {
    method: 'POST',
    path: '/api/inference/cohorts/evaluate',
    body: inference.evaluateCohort,
    reply: jobRef,
    summary: 'Train and score the learners on a table of patients',
  },
  simulateCohort: {
    method: 'POST',
    path: '/api/inference/cohorts/simulate',
    body: inference.simulateCohort,
    reply: jobRef,
    summary: 'Score a generated cohort with the model in use (SYNTHETIC)',
  },
  listCohorts: {
    method: 'GET',
    path: '/api/inference/cohorts',
    reply: inference.cohortList,
    summary: 'Evaluated cohorts, newest first',
  },
  getCohort: {
    method: 'GET',
    path: '/api/inference/cohorts/:cohort',
    params: z.object({ cohort: z.coerce.number().int() }),
    reply: inference.cohortResult,
    summary: 'Figures, calibration and decision curves of one cohort',
  },
} as const;
