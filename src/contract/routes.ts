/**
 * Every HTTP route: method, path and schemas. The server registers from this table, OpenAPI and the typed client come from it.
 *
 * Blobs (`/api/blobs/:sha256`), uploads of chunks and exports move bytes and stand beside it.
 */

import { z } from 'zod';
import * as api from './api.ts';
import { INFERENCE_ROUTES } from './inference-routes.ts';
import { job } from './nouns.ts';
import * as profiles from './profiles.ts';

const twinId = z.object({ twin: z.string() });
const jobId = z.object({ job: z.string() });
const uploadId = z.object({ upload: z.string() });
const profileName = z.object({ name: z.string().min(1).max(120) });
const asOf = z.object({ known: z.string().optional(), valid: z.string().optional() });

export const ROUTES = {
  health: { method: 'GET', path: '/api/health', reply: api.health, summary: 'Who answers, and the research-use line' },
  catalogue: {
    method: 'GET',
    path: '/api/catalogue',
    reply: api.catalogue,
    summary: 'Formats, modalities, capabilities and the feature dictionary',
  },
  listTwins: { method: 'GET', path: '/api/twins', reply: api.twinList, summary: 'All twins' },
  createTwin: {
    method: 'POST',
    path: '/api/twins',
    body: api.createTwin,
    reply: api.twinView.shape.twin,
    summary: 'Start an empty twin',
  },
  viewTwin: {
    method: 'GET',
    path: '/api/twins/:twin',
    params: twinId,
    query: asOf,
    reply: api.twinView,
    summary: 'The twin now, or as of a known and valid time',
  },
  buildTwin: {
    method: 'POST',
    path: '/api/twins/:twin/build',
    params: twinId,
    reply: api.jobRef,
    summary: 'Run everything that can run and is not fresh',
  },
  runCapability: {
    method: 'POST',
    path: '/api/twins/:twin/run',
    params: twinId,
    body: api.runCapability,
    reply: api.jobRef,
    summary: 'Run one capability',
  },
  shiftLabels: {
    method: 'POST',
    path: '/api/twins/:twin/shift-labels',
    params: twinId,
    body: api.shiftLabels,
    reply: api.jobRef,
    summary: 'Shift all vertebral labels; everything derived follows',
  },
  segmentTwin: {
    method: 'POST',
    path: '/api/twins/:twin/segment',
    params: twinId,
    body: api.segmentTwin,
    reply: api.jobRef,
    summary: 'Label the scan with TotalSegmentator, where it is on the PATH of the server',
  },
  getMeasurements: {
    method: 'GET',
    path: '/api/twins/:twin/measurements',
    params: twinId,
    reply: api.measurementsVersion,
    summary: 'Measurements drawn by hand',
  },
  putMeasurements: {
    method: 'PUT',
    path: '/api/twins/:twin/measurements',
    params: twinId,
    body: api.putMeasurements,
    reply: api.measurementsVersion,
    summary: 'Save measurements (a new version)',
  },
  listProfiles: {
    method: 'GET',
    path: '/api/profiles',
    reply: profiles.profileList,
    summary: 'Saved mappings of tables, of recordings and records, for any twin',
  },
  getProfile: {
    method: 'GET',
    path: '/api/profiles/:name',
    params: profileName,
    reply: profiles.savedProfile,
    summary: 'One saved mapping',
  },
  putProfile: {
    method: 'PUT',
    path: '/api/profiles/:name',
    params: profileName,
    body: profiles.putProfile,
    reply: profiles.savedProfile,
    summary: 'Save a mapping of a table under a name',
  },
  removeProfile: {
    method: 'DELETE',
    path: '/api/profiles/:name',
    params: profileName,
    reply: profiles.profileRemoved,
    summary: 'Remove a saved channel mapping; recordings read with it stay',
  },
  lookAtTable: {
    method: 'POST',
    path: '/api/tables/look',
    body: profiles.lookAtTable,
    reply: profiles.tableLook,
    summary: 'Columns of a table from its first bytes, a guessed mapping, and what a given one makes of it',
  },
  listJobs: {
    method: 'GET',
    path: '/api/jobs',
    query: z.object({ twin: z.string().optional() }),
    reply: api.jobList,
    summary: 'Jobs, newest first',
  },
  getJob: { method: 'GET', path: '/api/jobs/:job', params: jobId, reply: job, summary: 'One job' },
  cancelJob: { method: 'DELETE', path: '/api/jobs/:job', params: jobId, reply: job, summary: 'Cancel a job' },
  createUpload: {
    method: 'POST',
    path: '/api/uploads',
    body: api.createUpload,
    reply: api.upload,
    summary: 'Announce files; chunks follow',
  },
  getUpload: {
    method: 'GET',
    path: '/api/uploads/:upload',
    params: uploadId,
    reply: api.upload,
    summary: 'How much of each file has arrived (to resume)',
  },
  completeUpload: {
    method: 'POST',
    path: '/api/uploads/:upload/complete',
    params: uploadId,
    reply: api.jobRef,
    summary: 'All chunks are there: ingest and build',
  },
  ...INFERENCE_ROUTES,
} as const satisfies Record<string, RouteSpec>;

export interface RouteSpec {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  reply: z.ZodType;
  summary: string;
}

/**
 * Paths that move bytes.
 * - `PUT  /api/uploads/:upload/files/:index?offset=N` raw bytes of one chunk; answers `{ received }`
 * - `GET  /api/blobs/:sha256?name=L4.stl` with `Range`
 * - `GET  /api/artifacts/:artifact/export?format=stl|ply|glb|obj|nii|nrrd|csv|json`
 * - `GET  /api/twins/:twin/features.csv` and `features.json`
 * - `GET  /api/twins/:twin/graph.graphml`, `graph.jsonld` the patient graph of the newest assessment
 * - `GET  /api/twins/:twin/bundle.fhir.json` features, risk and suggestions as FHIR R4
 * - `GET  /api/events` WebSocket of `event`
 */
export const BYTE_PATHS = {
  uploadChunk: '/api/uploads/:upload/files/:index',
  blob: '/api/blobs/:sha256',
  exportArtifact: '/api/artifacts/:artifact/export',
  featuresCsv: '/api/twins/:twin/features.csv',
  featuresJson: '/api/twins/:twin/features.json',
  graphml: '/api/twins/:twin/graph.graphml',
  jsonld: '/api/twins/:twin/graph.jsonld',
  fhirBundle: '/api/twins/:twin/bundle.fhir.json',
  events: '/api/events',
} as const;

export const RESEARCH_USE = 'Research use only · not a medical device';
