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

const recordMeaning = {
  means: z.string().min(1).max(80).describe('id of a feature or finding, or a LOINC code'),
  unit: z.string().max(40).optional().describe('UCUM'),
  level: z.string().max(40).optional(),
  side: z.enum(['left', 'right']).optional(),
  posture: z.enum(['supine', 'prone', 'lateral-left', 'lateral-right', 'standing', 'sitting', 'unknown']).optional(),
};

export const recordColumn = z.object({ column: columnRef, ...recordMeaning });

export const recordProfile = z.object({
  schemaVersion: z.literal(1),
  name: z.string().min(1).max(120),
  of: z.literal('record'),
  skipLines: z.number().int().nonnegative().optional(),
  separator: z.enum(['comma', 'semicolon', 'tab', 'space']).optional(),
  decimal: z.enum(['point', 'comma']).optional(),
  dates: z.enum(['day-first', 'month-first']).optional(),
  date: columnRef.describe('column of the day on which a row was true'),
  columns: z.array(recordColumn).min(1).max(1000).optional().describe('one row a visit: a column a fact'),
  long: z
    .object({
      what: columnRef,
      value: columnRef,
      unit: columnRef.optional(),
      meanings: z
        .array(z.object({ name: z.string().min(1).max(200), ...recordMeaning }))
        .max(1000)
        .optional(),
    })
    .optional()
    .describe('one row a fact'),
});

export const tableProfile = z.union([recordProfile, signalProfile]);

export const savedProfile = z.object({
  name: z.string(),
  version: z.number().int(),
  savedAt: isoTime,
  profile: tableProfile,
});
export const profileList = z.object({ profiles: z.array(savedProfile) });
export const putProfile = z.object({ profile: tableProfile, baseVersion: z.number().int().nonnegative().optional() });
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
  record: z
    .object({
      likely: z.boolean().describe('a column is called a date'),
      guess: recordProfile.optional().describe('absent where no column is a date, or none is known'),
      names: z.array(z.string()),
      rows: z.array(z.array(z.string())).describe('the first rows; columns that identify the person are empty'),
      facts: z.number().int().describe('in the head, with the mapping'),
      refused: z.array(z.string()).describe('columns that may identify the person'),
      problems: z.array(errorRecord),
    })
    .optional()
    .describe('the table as facts of a record; absent where there is no table'),
});
