/** The two tables of a twin's folder: every number with its doubt, and how every file came to be. */

import { featureId } from '../../model/index.ts';
import type { TwinState } from '../../twin/index.ts';

const COLUMNS = [
  'feature',
  'definition',
  'level',
  'side',
  'value',
  'unit',
  'low90',
  'high90',
  'sd',
  'uncertainty',
  'missing',
  'posture',
  'quality',
  'method',
  'capability',
  'version',
  'valid_at',
  'known_at',
  'synthetic',
  'evidence',
] as const;

/** Features as CSV: UTF-8, one row each, empty where there is no value. */
export function featuresTable(state: TwinState): string {
  const rows = state.features.map((feature) => {
    const doubt = feature.uncertainty;
    const interval = doubt.kind === 'interval' ? [doubt.low, doubt.high, doubt.sd] : ['', '', ''];
    const { definition, level, side, value, unit, missing, posture, quality, method } = feature;
    return [
      featureId(feature),
      definition,
      level,
      side,
      value,
      unit,
      ...interval,
      doubt.kind === 'unknown' ? `unknown: ${doubt.reason}` : `${doubt.kind}: ${doubt.method}`,
      missing,
      posture,
      quality,
      method,
      feature.capability,
      feature.version,
      feature.validAt,
      feature.knownAt,
      feature.synthetic,
      feature.evidence.map((item) => item.artifact.slice(0, 12)).join(' '),
    ];
  });
  return `${[COLUMNS, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Text that a spreadsheet would take for a formula is quoted with an apostrophe. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' && /^[=+@\t\r-]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Provenance as JSON: per artifact where its files lie, what made it, from what. */
export function provenanceDocument(state: TwinState, pathsOf: ReadonlyMap<string, readonly string[]>): string {
  const { twin, snapshot, acquisitions, artifacts } = state;
  const document = {
    schemaVersion: 1,
    twin: twin.id,
    synthetic: twin.synthetic,
    snapshot: snapshot && { id: snapshot.id, at: snapshot.at, reason: snapshot.reason },
    note: 'Research use only. World coordinates are DICOM LPS in mm unless a format says otherwise. See docs/data-folder.md.',
    acquisitions: acquisitions.map(({ files, ...rest }) => ({
      ...rest,
      files: pathsOf.get(rest.id),
      count: files.length,
    })),
    artifacts: artifacts.map((artifact) => ({
      id: artifact.id,
      kind: artifact.kind,
      level: artifact.level,
      side: artifact.side,
      files: pathsOf.get(artifact.id),
      sha256: artifact.blobs.map((blob) => blob.sha256),
      acquisitions: artifact.acquisitions,
      posture: artifact.posture,
      takenAt: artifact.takenAt,
      synthetic: artifact.synthetic,
      quality: artifact.quality,
      provenance: artifact.provenance,
      summary: artifact.summary,
    })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
