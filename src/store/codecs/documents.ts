/**
 * Landmarks, curves, tables and free documents. JSON holds them exactly; a second and third file open elsewhere.
 *
 * Landmarks, curves and tables lie in the envelope of `formats/json`, so a file of a twin's folder can be given to msdt again.
 */

import { csv, fhir, graphml, json, jsonld, parquet, vtp } from '../../formats/index.ts';
import type {
  ArtifactKind,
  ClinicalRecord,
  Clocks,
  EventList,
  Format,
  PatientGraph,
  SpineCurve,
  SpineLandmarks,
  Table,
  WrittenFile,
} from '../../model/index.ts';
import type { Drafted, EncodedArtifact } from './artifact-codec.ts';
import { fromPlainJson, toPlainJson } from './plain-json.ts';
import { fileStem } from './stem.ts';

export function encodeDocument(draft: Drafted<unknown>): EncodedArtifact {
  return { files: [jsonFile(draft, draft.payload)], summary: {} };
}

export async function encodeLandmarks(draft: Drafted<SpineLandmarks>): Promise<EncodedArtifact> {
  const { points, planes, vertebrae } = draft.payload;
  const markups = await written(json, draft, '.mrk.json', { as: 'markups' });
  const summary = { points: points.length, planes: planes.length, vertebrae: vertebrae.length };
  return { files: [envelope(draft, draft.payload), markups], summary };
}

export async function encodeCurve(draft: Drafted<SpineCurve>): Promise<EncodedArtifact> {
  const { points, arcLengthMm, curvature, torsion, stations } = draft.payload;
  const lists = {
    points: list(points),
    arcLengthMm: list(arcLengthMm),
    curvature: list(curvature),
    torsion: list(torsion),
  };
  const length = arcLengthMm.at(-1) ?? 0;
  return {
    files: [envelope(draft, { ...draft.payload, ...lists }), await written(vtp, draft, '.vtp')],
    summary: { samples: arcLengthMm.length, stations: stations.length, lengthMm: Number(length.toFixed(1)) },
  };
}

export async function encodeTable(draft: Drafted<Table>): Promise<EncodedArtifact> {
  const { columns } = draft.payload;
  const files = [envelope(draft, draft.payload)];
  if (columns.length > 0) files.push(await written(csv, draft, '.csv'), await written(parquet, draft, '.parquet'));
  return { files, summary: { columns: columns.length, rows: columns[0]?.values.length ?? 0 } };
}

/** A clinical record: the envelope, and a FHIR bundle of the same facts. */
export async function encodeClinical(draft: Drafted<ClinicalRecord>): Promise<EncodedArtifact> {
  const { facts, skipped, person } = draft.payload;
  const bundle = await written(fhir, draft, '.fhir.json');
  const leftOut = skipped.reduce((sum, { count }) => sum + count, 0);
  const summary = { facts: facts.length, leftOut, ...person };
  return { files: [envelope(draft, draft.payload), bundle], summary };
}

/** A patient graph: the envelope, GraphML and JSON-LD. */
export async function encodeGraph(draft: Drafted<PatientGraph>): Promise<EncodedArtifact> {
  const { nodes, edges } = draft.payload;
  const others = [await written(graphml, draft, '.graphml'), await written(jsonld, draft, '.jsonld')];
  return { files: [envelope(draft, draft.payload), ...others], summary: { nodes: nodes.length, edges: edges.length } };
}

/** Events and clock maps: the envelope, and a CSV of what happened when. */
export async function encodeTimes(draft: Drafted<EventList | Clocks>): Promise<EncodedArtifact> {
  const { payload } = draft;
  if ('maps' in payload) return { files: [envelope(draft, payload)], summary: { clocks: payload.maps.length } };
  const { events, clock } = payload;
  const table: Table = {
    columns: [
      { name: 'label', values: events.map(({ label }) => label) },
      { name: 'time_s', unit: 's', values: events.map(({ timeS }) => timeS) },
      { name: 'end_s', unit: 's', values: events.map(({ endS }) => endS ?? null) },
      { name: 'side', values: events.map(({ side }) => side ?? null) },
    ],
  };
  const files = [envelope(draft, payload)];
  if (events.length) files.push(await written(csv, { ...draft, kind: 'table.record', payload: table }, '.csv'));
  return { files, summary: { events: events.length, clock } };
}

/** @throws MsdtError `store.damaged` */
export function decodeDocument(kind: ArtifactKind, bytes: Uint8Array, file: string): unknown {
  const content = fromPlainJson(new TextDecoder().decode(bytes), file);
  if (kind === 'document') return content;
  const { payload } = content as { payload: unknown };
  if (kind !== 'curve.spine') return payload;
  const { points, arcLengthMm, curvature, torsion, ...rest } = payload as Record<string, (number | null)[]>;
  const arrays = {
    points: array(points),
    arcLengthMm: array(arcLengthMm),
    curvature: array(curvature),
    torsion: array(torsion),
  };
  return { ...rest, ...arrays };
}

/** NaN is a gap in a list, as the envelope has it. */
function list(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

function array(values: (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

function envelope(draft: Drafted<unknown>, payload: unknown): WrittenFile {
  const { kind } = draft;
  return jsonFile(draft, { format: 'msdt-artifact', schemaVersion: 1, kind, name: fileStem(draft), payload });
}

function jsonFile(draft: Drafted<unknown>, content: unknown): WrittenFile {
  const bytes = new TextEncoder().encode(toPlainJson(content));
  return { name: `${fileStem(draft)}.json`, bytes, mediaType: 'application/json' };
}

async function written(
  format: Format,
  draft: Drafted<unknown>,
  ending: string,
  choices?: Record<string, string>,
): Promise<WrittenFile> {
  const stem = fileStem(draft);
  const artifact = { kind: draft.kind, payload: draft.payload as never, name: stem };
  const [file] = (await format.write?.(artifact, { choices })) ?? [];
  return { ...file, name: stem + ending };
}
