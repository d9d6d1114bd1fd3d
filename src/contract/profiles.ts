/** Channel mappings on the wire, and what is seen of a table before it is read with one. */

import { z } from 'zod';
import { errorRecord, isoTime, qualityFlag } from './nouns.ts';

const columnRef = z.union([z.string().min(1), z.number().int().positive()]).describe('name, or number from 1');

export const profileChannel = z.object({
  column: columnRef,
  name: z.string().optional(),
  unit: z.string().describe('UCUM; the value is cell · scale + offset in this unit'),
  scale: z.number().optional(),
  offset: z.number().optional(),
  quantity: z.enum([
    'emg',
    'acceleration',
    'angular-rate',
    'magnetic-field',
    'orientation',
    'angle',
    'force',
    'moment',
    'pressure-centre',
    'position',
    'other',
  ]),
  axis: z.enum(['w', 'x', 'y', 'z']).optional(),
  sensor: z.string().optional(),
  segment: z.string().optional(),
  side: z.enum(['left', 'right']).optional(),
  site: z.string().optional().describe('muscle'),
  level: z.string().optional(),
});

export const signalProfile = z.object({
  schemaVersion: z.literal(1),
  name: z.string().min(1).max(120),
  skipLines: z.number().int().nonnegative().optional(),
  separator: z.enum(['comma', 'semicolon', 'tab', 'space']).optional(),
  decimal: z.enum(['point', 'comma']).optional(),
  streams: z
    .array(
      z.object({
        time: z.object({ column: columnRef, unit: z.enum(['s', 'ms', 'us']) }).optional(),
        rateHz: z.number().positive().optional(),
        startS: z.number().optional(),
        channels: z.array(profileChannel).min(1),
      }),
    )
    .min(1)
    .max(64),
});

export const savedProfile = z.object({
  name: z.string(),
  version: z.number().int(),
  savedAt: isoTime,
  profile: signalProfile,
});
export const profileList = z.object({ profiles: z.array(savedProfile) });
export const putProfile = z.object({ profile: signalProfile, baseVersion: z.number().int().nonnegative().optional() });
export const profileRemoved = z.object({ removed: z.string() });

export const lookAtTable = z.object({
  name: z.string().min(1).max(1024).describe('of the file'),
  bytes: z.number().int().nonnegative().describe('size of the whole file'),
  head: z.base64().max(400_000).describe('the first bytes of the file, at most 256 KiB'),
  profile: z.unknown().optional().describe('a channel mapping to try; it may be unfinished'),
});

export const tableLook = z.object({
  recognised: z.string().optional().describe('format that takes the file without a mapping; absent: none'),
  plain: z.boolean().describe('true where that is a table without meaning, or nothing'),
  separator: z.enum(['comma', 'semicolon', 'tab', 'space']),
  decimal: z.enum(['point', 'comma']),
  preamble: z.array(z.string()).describe('lines above the names'),
  columns: z.array(z.object({ name: z.string(), unit: z.string().optional() })),
  rows: z.array(z.array(z.number().nullable())).describe('the first samples'),
  guess: signalProfile.optional().describe('absent where no line of numbers was found'),
  problem: errorRecord.optional().describe('what is wrong with the mapping, or with the table read by it'),
  streams: z
    .array(
      z.object({
        kind: z.string(),
        channels: z.number().int(),
        rateHz: z.number(),
        samples: z.number().int().describe('in the head'),
      }),
    )
    .describe('what the head becomes with the mapping'),
  quality: z.array(qualityFlag),
});
