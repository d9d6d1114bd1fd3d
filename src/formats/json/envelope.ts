/** The plain JSON form of landmarks, curves and tables: kind, name, payload; typed arrays as lists of numbers. */

import {
  type ArtifactKind,
  type Landmark,
  type PlanePatch,
  type SpineCurve,
  type SpineLandmarks,
  type Table,
  type TableColumn,
  UNIT_TEXT,
  type Unit,
  VERTEBRA_LEVELS,
  type Vec3,
  type VertebraFrame,
} from '../../model/index.ts';
import { type Json, listAt, numberAt, objectAt, textAt, Wrong } from './checks.ts';
import { clinicalFrom } from './clinical.ts';
import { graphFrom } from './graph.ts';

/** Value of `format` that marks an envelope. */
export const ENVELOPE_FORMAT = 'msdt-artifact';

const SCHEMA_VERSION = 1;

/** Kinds an envelope may hold. */
export const ENVELOPE_KINDS = [
  'landmarks.vertebra',
  'landmarks.keypoints',
  'landmarks.electrodes',
  'curve.spine',
  'table.record',
  'table.landmarks2d',
  'table.matrix',
  'record.clinical',
  'graph.patient',
] as const satisfies readonly ArtifactKind[];

/** A kind an envelope may hold. */
export type EnvelopeKind = (typeof ENVELOPE_KINDS)[number];

/** The envelope of a payload. */
export function formatEnvelope(kind: ArtifactKind, payload: unknown, name: string): object {
  const plain: object = kind === 'curve.spine' ? plainCurve(payload as SpineCurve) : (payload as object);
  return { format: ENVELOPE_FORMAT, schemaVersion: SCHEMA_VERSION, kind, name, payload: plain };
}

function plainCurve(curve: SpineCurve): object {
  const { points, arcLengthMm, curvature, torsion } = curve;
  const lists = { points, arcLengthMm, curvature, torsion };
  return { ...curve, ...Object.fromEntries(Object.entries(lists).map(([key, values]) => [key, Array.from(values)])) };
}

/** What an envelope holds, or the path of the first thing that is not right in it. */
export type EnvelopeResult = { kind: EnvelopeKind; name?: string; payload: unknown } | { wrong: string };

/** True when a JSON value is an envelope. */
export function isEnvelope(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && (json as { format?: unknown }).format === ENVELOPE_FORMAT;
}

/** Opens an envelope, every field checked. */
export function parseEnvelope(json: Record<string, unknown>): EnvelopeResult {
  const kind = ENVELOPE_KINDS.find((known) => known === json.kind);
  if (!kind) return { wrong: `kind: "${String(json.kind)}" is not one of ${ENVELOPE_KINDS.join(', ')}` };
  if (json.schemaVersion !== SCHEMA_VERSION)
    return { wrong: `schemaVersion: ${String(json.schemaVersion)} is not ${SCHEMA_VERSION}` };
  try {
    const payload = objectAt(json.payload, 'payload');
    const name = typeof json.name === 'string' ? json.name : undefined;
    if (kind === 'curve.spine') return { kind, name, payload: curveFrom(payload) };
    if (kind === 'record.clinical') return { kind, name, payload: clinicalFrom(payload) };
    if (kind === 'graph.patient') return { kind, name, payload: graphFrom(payload) };
    if (kind.startsWith('landmarks.')) return { kind, name, payload: landmarksFrom(payload) };
    return { kind, name, payload: tableFrom(payload) };
  } catch (error) {
    if (error instanceof Wrong) return { wrong: error.message };
    throw error;
  }
}

function vectorAt(value: unknown, path: string): Vec3 {
  const list = listAt(value, path).map((entry, index) => numberAt(entry, `${path}[${index}]`));
  if (list.length !== 3) throw new Wrong(`${path}: three numbers are needed`);
  return list as unknown as Vec3;
}

function levelAt(value: unknown, path: string): VertebraFrame['level'] {
  const level = VERTEBRA_LEVELS.find((known) => known === value);
  if (level) return level;
  throw new Wrong(`${path}: "${String(value)}" is no level`);
}

function doublesAt(value: unknown, path: string): Float64Array {
  // a gap in a computed column is stored as null
  return Float64Array.from(listAt(value, path), (entry, index) =>
    entry === null ? Number.NaN : numberAt(entry, `${path}[${index}]`),
  );
}

function curveFrom(json: Json): SpineCurve {
  const points = doublesAt(json.points, 'payload.points');
  const count = points.length / 3;
  const column = (key: string): Float64Array => {
    const values = doublesAt(json[key], `payload.${key}`);
    if (values.length !== count) throw new Wrong(`payload.${key}: ${values.length} values for ${count} points`);
    return values;
  };
  const stations = listAt(json.stations, 'payload.stations').map((entry, index) => {
    const path = `payload.stations[${index}]`;
    const station = objectAt(entry, path);
    return {
      level: levelAt(station.level, `${path}.level`),
      arcLengthMm: numberAt(station.arcLengthMm, `${path}.arcLengthMm`),
    };
  });
  return {
    frame: 'patient',
    points,
    arcLengthMm: column('arcLengthMm'),
    curvature: column('curvature'),
    torsion: column('torsion'),
    stations,
  };
}

function landmarksFrom(json: Json): SpineLandmarks {
  const entries = (key: string): [Json, string][] =>
    listAt(json[key], `payload.${key}`).map((entry, index) => {
      const path = `payload.${key}[${index}]`;
      return [objectAt(entry, path), path];
    });
  const common = (
    entry: Json,
    path: string,
  ): { level?: VertebraFrame['level']; side?: 'left' | 'right'; sdMm?: number } => ({
    ...(entry.level === undefined ? {} : { level: levelAt(entry.level, `${path}.level`) }),
    ...(entry.side === 'left' || entry.side === 'right' ? { side: entry.side } : {}),
    ...(entry.sdMm === undefined ? {} : { sdMm: numberAt(entry.sdMm, `${path}.sdMm`) }),
  });
  const points = entries('points').map(
    ([entry, path]): Landmark => ({
      id: textAt(entry.id, `${path}.id`),
      xyz: vectorAt(entry.xyz, `${path}.xyz`),
      ...common(entry, path),
    }),
  );
  const planes = entries('planes').map(
    ([entry, path]): PlanePatch => ({
      id: textAt(entry.id, `${path}.id`),
      centre: vectorAt(entry.centre, `${path}.centre`),
      normal: vectorAt(entry.normal, `${path}.normal`),
      rmsMm: numberAt(entry.rmsMm, `${path}.rmsMm`),
      areaMm2: numberAt(entry.areaMm2, `${path}.areaMm2`),
      ...(entry.level === undefined ? {} : { level: levelAt(entry.level, `${path}.level`) }),
    }),
  );
  const vertebrae = entries('vertebrae').map(([entry, path]): VertebraFrame => {
    const vector = (key: string): Vec3 => vectorAt(entry[key], `${path}.${key}`);
    return {
      level: levelAt(entry.level, `${path}.level`),
      centre: vector('centre'),
      x: vector('x'),
      y: vector('y'),
      z: vector('z'),
    };
  });
  return { frame: 'patient', points, planes, vertebrae };
}

function tableFrom(json: Json): Table {
  const columns = listAt(json.columns, 'payload.columns').map((entry, index): TableColumn => {
    const path = `payload.columns[${index}]`;
    const column = objectAt(entry, path);
    const values = listAt(column.values, `${path}.values`).map((value, row) => {
      if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
        return value;
      throw new Wrong(`${path}.values[${row}]: a number, text, truth value or null is needed`);
    });
    const unit = Object.keys(UNIT_TEXT).find((known) => known === column.unit) as Unit | undefined;
    return {
      name: textAt(column.name, `${path}.name`),
      ...(unit ? { unit } : {}),
      ...(typeof column.definition === 'string' ? { definition: column.definition } : {}),
      values,
    };
  });
  const rows = columns[0]?.values.length ?? 0;
  const odd = columns.find((column) => column.values.length !== rows);
  if (odd) throw new Wrong(`payload.columns: ${odd.name} has ${odd.values.length} values, others ${rows}`);
  return { columns };
}
