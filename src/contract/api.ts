/** Requests, replies and events of the HTTP and WebSocket face. */

import { z } from 'zod';
import {
  acquisition,
  artifact,
  errorRecord,
  feature,
  featureDefinition,
  isoTime,
  job,
  measurements,
  paramValue,
  qualityFlag,
  snapshot,
  twin,
  twinSummary,
} from './nouns.ts';

export const health = z.object({
  name: z.literal('msdt'),
  version: z.string(),
  researchUse: z.string().describe('the line every screen shows'),
  startedAt: isoTime,
});

export const paramSpec = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    label: z.string(),
    unit: z.string(),
    min: z.number(),
    max: z.number(),
    step: z.number().optional(),
    default: z.number(),
    help: z.string().optional(),
  }),
  z.object({
    type: z.literal('choice'),
    label: z.string(),
    options: z.array(z.string()),
    default: z.string(),
    help: z.string().optional(),
  }),
  z.object({ type: z.literal('boolean'), label: z.string(), default: z.boolean(), help: z.string().optional() }),
  z.object({ type: z.literal('text'), label: z.string(), default: z.string(), help: z.string().optional() }),
]);

export const capabilityInfo = z.object({
  id: z.string(),
  version: z.number().int(),
  title: z.string(),
  summary: z.string(),
  scales: z.array(z.string()),
  inputs: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.string()),
  params: z.record(z.string(), paramSpec),
});

export const catalogue = z.object({
  formats: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      extensions: z.array(z.string()),
      reads: z.array(z.string()),
      writes: z.array(z.string()),
    }),
  ),
  modalities: z.array(z.object({ id: z.string(), title: z.string(), scales: z.array(z.string()) })),
  capabilities: z.array(capabilityInfo),
  features: z.array(featureDefinition),
  tools: z.array(z.object({ id: z.string(), title: z.string(), found: z.boolean() })),
});

export const createTwin = z.object({ alias: z.string().min(1).max(80), synthetic: z.boolean().default(false) });

/** State of one capability on one twin: what the planner would do. */
export const planStep = z.object({
  capability: z.string(),
  state: z.enum(['fresh', 'stale', 'ready', 'blocked', 'running']),
  reason: z.string(),
});

export const twinView = z.object({
  twin,
  asOf: z.object({ known: isoTime.optional(), valid: isoTime.optional() }),
  snapshot: snapshot.optional(),
  snapshots: z.array(snapshot),
  acquisitions: z.array(acquisition),
  artifacts: z.array(artifact),
  features: z.array(feature),
  plan: z.array(planStep),
  quality: z.array(qualityFlag),
});

export const twinList = z.object({ twins: z.array(twinSummary) });
export const jobList = z.object({ jobs: z.array(job) });

export const createUpload = z.object({
  twin: z.string(),
  files: z
    .array(z.object({ name: z.string().min(1).max(1024), bytes: z.number().int().nonnegative() }))
    .min(1)
    .max(20_000),
  choices: z
    .record(z.string().max(64), z.string().max(1_000_000))
    .optional()
    .describe('overrides for readers: `profile` is the name of a saved channel mapping, or one as JSON'),
});
export const upload = z.object({
  id: z.string(),
  twin: z.string(),
  chunkBytes: z.number().int(),
  files: z.array(
    z.object({ index: z.number().int(), name: z.string(), bytes: z.number().int(), received: z.number().int() }),
  ),
});

export const runCapability = z.object({
  capability: z.string(),
  params: z.record(z.string(), paramValue).default({}),
  /** input role → artifact ids; the planner chooses where a role is absent */
  inputs: z.record(z.string(), z.array(z.string())).default({}),
});

/** Moves every vertebral level up (-1, cranial) or down (+1, caudal); what follows from it is made again. */
export const shiftLabels = z.object({
  artifact: z.string().describe('a labelmap.vertebrae artifact'),
  by: z.number().int().min(-3).max(3),
});

/** Labels the scan with TotalSegmentator, where the server finds it. */
export const segmentTwin = z.object({
  task: z.enum(['total', 'vertebrae_body', 'vertebrae_pp_refined', 'total_mr', 'vertebrae_mr']).default('total'),
  fast: z.boolean().default(false),
});

export const jobRef = z.object({ job: z.string() });

export const putMeasurements = z.object({ baseVersion: z.number().int().nonnegative(), document: measurements });
export const measurementsVersion = z.object({
  version: z.number().int(),
  savedAt: isoTime.optional(),
  document: measurements,
});

export const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), at: isoTime }),
  z.object({ type: z.literal('job'), job }),
  z.object({ type: z.literal('snapshot'), twin: z.string(), snapshot }),
  z.object({ type: z.literal('twin'), twin }),
  z.object({ type: z.literal('assessment'), twin: z.string(), number: z.number().int() }),
]);

/** `msdt run … --json` prints this; the file `result.json` in its output folder holds the same. */
export const runReport = z.object({
  capability: z.string(),
  version: z.number().int(),
  params: z.record(z.string(), paramValue),
  outputs: z.array(z.object({ role: z.string(), kind: z.string(), name: z.string(), files: z.array(z.string()) })),
  features: z.array(
    feature
      .omit({ id: true, run: true, knownAt: true, evidence: true })
      .extend({ id: z.string(), evidence: z.array(z.unknown()) }),
  ),
  quality: z.array(qualityFlag),
  provenance: z.unknown(),
  errors: z.array(errorRecord),
});
