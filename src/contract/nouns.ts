/** Wire form of the twin's nouns. The one source for validation, OpenAPI and the typed client. */

import { z } from 'zod';

export const isoTime = z.string().describe('ISO 8601 date or instant');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const vec3 = z.tuple([z.number(), z.number(), z.number()]);

export const errorRecord = z
  .object({
    code: z.string(),
    message: z.string(),
    where: z.object({ file: z.string().optional(), place: z.string().optional() }),
    detail: z.string(),
    hint: z.string(),
  })
  .describe('What happened, to which file, and what to do');

export const qualityFlag = z.object({
  code: z.string(),
  severity: z.enum(['info', 'doubt', 'fault']),
  where: z.string().optional(),
  message: z.string(),
});

export const scale = z.enum(['macro', 'meso', 'micro', 'nano']);
export const paramValue = z.union([z.number(), z.string(), z.boolean()]);

export const twin = z.object({
  id: z.string(),
  alias: z.string().describe('pseudonym shown in lists; never an identity'),
  createdAt: isoTime,
  synthetic: z.boolean(),
});

export const twinSummary = twin.extend({
  acquisitions: z.number().int(),
  artifacts: z.number().int(),
  features: z.number().int(),
  changedAt: isoTime,
  doubts: z.number().int().describe('quality flags of severity doubt or fault'),
});

export const acquisition = z.object({
  id: z.string(),
  modality: z.string(),
  scales: z.array(scale),
  posture: z.string(),
  region: z.string().optional(),
  side: z.string().optional(),
  device: z.string().optional(),
  protocol: z.string().optional(),
  takenAt: isoTime.optional(),
  knownAt: isoTime,
  frameOfReference: z.string().optional(),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number() })),
  quality: z.array(qualityFlag),
  synthetic: z.boolean(),
  metadata: z.record(z.string(), paramValue),
});

export const provenance = z.object({
  capability: z.string(),
  version: z.number().int(),
  params: z.record(z.string(), paramValue),
  inputs: z.record(z.string(), z.array(z.string())),
  software: z.string(),
  seed: z.number(),
  weights: z.string().optional(),
  startedAt: isoTime,
  durationMs: z.number(),
  user: z.string().optional(),
});

export const blobRef = z.object({ name: z.string(), sha256, bytes: z.number().int(), mediaType: z.string() });

export const artifact = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  unit: z.string().optional(),
  level: z.string().optional(),
  side: z.string().optional(),
  acquisition: z.string().optional(),
  posture: z.string().optional(),
  takenAt: isoTime.optional(),
  synthetic: z.boolean(),
  quality: z.array(qualityFlag),
  provenance,
  blobs: z.array(blobRef),
  summary: z.record(z.string(), paramValue),
});

export const locator = z.object({
  xyz: vec3.optional(),
  points: z.array(vec3).optional(),
  label: z.number().optional(),
  level: z.string().optional(),
  landmarks: z.array(z.string()).optional(),
  row: z.number().optional(),
  place: z.string().optional(),
  slice: z.object({ axis: z.union([z.literal(0), z.literal(1), z.literal(2)]), index: z.number() }).optional(),
  channels: z.array(z.string()).optional(),
  timeS: z.tuple([z.number(), z.number()]).optional(),
});

export const uncertainty = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('interval'), low: z.number(), high: z.number(), sd: z.number(), method: z.string() }),
  z.object({ kind: z.literal('exact'), method: z.string() }),
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
]);

export const feature = z.object({
  id: z.string(),
  definition: z.string(),
  site: z.string().optional(),
  level: z.string().optional(),
  side: z.enum(['left', 'right']).optional(),
  task: z.string().optional(),
  window: z.object({ label: z.string(), startS: z.number(), endS: z.number() }).optional(),
  value: z.union([z.number(), z.string(), z.null()]),
  missing: z.string().optional(),
  unit: z.string(),
  uncertainty,
  posture: z.string().optional(),
  quality: z.number().min(0).max(1),
  method: z.string(),
  run: z.string(),
  capability: z.string(),
  version: z.number().int(),
  validAt: isoTime.optional(),
  knownAt: isoTime,
  evidence: z.array(z.object({ artifact: z.string(), locator })),
  synthetic: z.boolean(),
});

export const featureDefinition = z.object({
  id: z.string(),
  name: z.string(),
  unit: z.string(),
  scale,
  definition: z.string(),
  source: z.string(),
  postural: z.boolean().optional(),
  reference: z
    .array(
      z.object({
        low: z.number(),
        high: z.number(),
        posture: z.string().optional(),
        level: z.string().optional(),
        source: z.string(),
      }),
    )
    .optional(),
  code: z.object({ system: z.string(), code: z.string() }).optional(),
});

export const snapshot = z.object({ id: z.number().int(), twin: z.string(), at: isoTime, reason: z.string() });

export const jobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);

export const job = z.object({
  id: z.string(),
  twin: z.string().optional(),
  /** `ingest`, `build`, or a capability id */
  kind: z.string(),
  title: z.string(),
  state: jobState,
  progress: z.number().min(0).max(1),
  message: z.string(),
  createdAt: isoTime,
  startedAt: isoTime.optional(),
  endedAt: isoTime.optional(),
  error: errorRecord.optional(),
  /** one line per item: a file of an ingest, a capability of a build */
  items: z.array(
    z.object({
      item: z.string(),
      status: z.enum(['ok', 'skipped', 'error', 'cached', 'running', 'waiting']),
      message: z.string().optional(),
      error: errorRecord.optional(),
    }),
  ),
});

/** A measurement drawn by a hand in the viewer. */
export const measurement = z.object({
  id: z.string(),
  type: z.enum(['distance', 'angle', 'cobb']),
  label: z.string().max(200),
  /** patient frame (LPS) · mm: 2 points for distance, 3 for angle (apex second), 4 for Cobb (two lines) */
  points: z.array(vec3).min(2).max(4),
  plane: z.enum(['axial', 'sagittal', 'coronal', '3d']),
  value: z.number(),
  unit: z.enum(['mm', 'deg']),
  /** artifact it was drawn on */
  artifact: z.string().optional(),
  createdAt: isoTime,
});
export const measurements = z.object({ schemaVersion: z.literal(1), items: z.array(measurement).max(1000) });
