/** What the readers of single facts share: moments to hold facts against, and where their words go. */

import {
  type ClinicalFact,
  type ClinicalRecord,
  conceptText,
  type Evidence,
  type FeatureRecord,
  type Unit,
} from '../../model/index.ts';
import { findEntry } from '../knowledge/index.ts';
import { findFinding } from '../rules/index.ts';
import { levelOf, postureOf, sideOf } from './place.ts';
import { type Moments, timeOf } from './status.ts';
import type { Converted } from './values.ts';

/** A fact that speaks of a known feature or finding and yet gives it no value. */
export interface LeftOutFact {
  artifact: string;
  /** id of the fact: `observation-12` */
  fact: string;
  /** what the source calls it */
  what: string;
  /** feature or finding it would have given a value */
  target?: string;
  /** one sentence for a reader */
  reason: string;
}

/** What clinical records say, and what of them could not be used. */
export interface ClinicalReading {
  records: FeatureRecord[];
  leftOut: LeftOutFact[];
}

/** A value with what is known of it. */
export type Told = Converted & { time?: string; code?: string; quality?: number };

/** What the readers of single facts share. */
export interface Reading {
  artifact: string;
  record: ClinicalRecord;
  moments: Moments;
  /** ISO 8601 */
  indexDate: string;
  /** adds a record with its way back */
  tell(fact: ClinicalFact, target: string, told: Told): FeatureRecord;
  /** what a list of problems leaves open, with its onset: what is observed later can end it */
  openEnded: { record: FeatureRecord; onset?: string }[];
  /** how long each diagnosis of the present illness has lasted · months */
  durations: { fact: ClinicalFact; months: number; code: string }[];
  leave(fact: ClinicalFact, reason: string, target?: string): void;
}

/** Opens a record for reading; what is told and left goes to `all`. */
export function openRecord(
  artifact: string,
  record: ClinicalRecord,
  indexDate: string | undefined,
  all: ClinicalReading,
): Reading {
  const times = record.facts.flatMap(({ from, to, recorded }) =>
    [from, to, recorded].map(timeOf).filter((time) => time !== undefined),
  );
  const end = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  const recordEnd = Number.isFinite(end) ? end : (timeOf(indexDate) ?? Date.now());
  const index = timeOf(indexDate) ?? recordEnd;
  const rows = new Map(record.facts.map((fact, row) => [fact, row]));
  return {
    artifact,
    record,
    openEnded: [],
    durations: [],
    moments: { index, recordEnd },
    indexDate: new Date(index).toISOString(),
    tell(fact, target, { value, sd, note, time, code, quality }) {
      const way: Evidence = { artifact, locator: { row: rows.get(fact), place: fact.place } };
      if (way.locator.row === undefined) delete way.locator.row;
      const method = ['clinical record', code, note].filter(Boolean).join(': ');
      const record: FeatureRecord = { feature: target, value, unit: unitOf(target), method, source: fact.id };
      record.evidence = [way];
      if (sd !== undefined) record.sd = sd;
      if (time !== undefined) record.time = time;
      if (quality !== undefined) record.quality = quality;
      const [level, side, posture] = [levelOf(fact), sideOf(fact), postureOf(fact)];
      if (level) record.level = level;
      if (side) record.side = side;
      if (posture) record.posture = posture;
      all.records.push(record);
      return record;
    },
    leave(fact, reason, target) {
      const what = conceptText(fact.concept) || fact.kind;
      all.leftOut.push({ artifact, fact: fact.id, what, ...(target && { target }), reason });
    },
  };
}

/** Unit of a feature or finding. */
export function unitOf(target: string): Unit {
  const entry = findEntry(target);
  if (entry) return entry.unit;
  const form = findFinding(target)?.form;
  return form?.kind === 'number' ? form.unit : '1';
}
