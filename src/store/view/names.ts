/** File and folder names that are safe anywhere: they come from ids, kinds and dates, never from what a stranger typed. */

import type { StoredAcquisition } from '../../twin/index.ts';

const LONGEST = 80;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Reduces a text to letters, digits, `.`, `_` and `-`; never empty, hidden, reserved or a way up. */
export function safeName(text: string, otherwise = 'unnamed'): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, LONGEST);
  if (!plain) return otherwise;
  return RESERVED.test(plain) ? `_${plain}` : plain;
}

/** Takes a name for a file of a folder; a name that is taken already gets a number before its ending. */
export function freeName(taken: Set<string>, name: string): string {
  const dot = name.indexOf('.', 1);
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${stem}-${n}${ending}`;
  taken.add(free.toLowerCase());
  return free;
}

/** `2026-03-02_ct_lumbar`: when, what, where. */
export function acquisitionFolder(acquisition: StoredAcquisition): string {
  const date = /^\d{4}(-\d{2}(-\d{2})?)?/.exec(acquisition.takenAt ?? '')?.[0] ?? 'undated';
  return [date, acquisition.modality, acquisition.region]
    .filter(Boolean)
    .map((part) => safeName(part as string))
    .join('_');
}

const ENDINGS =
  /\.(dcm|dicom|ima|nii|nii\.gz|nrrd|seg\.nrrd|nhdr|mha|mhd|raw|zip|stl|ply|obj|glb|gltf|vtp|vtk|csv|tsv|json|txt|mat|xml|parquet|gz)$/;

/** Name of a file as it came: a number and the ending, because folder and file names may carry a patient's name. */
export function sourceName(position: number, given: string, count: number): string {
  const ending = ENDINGS.exec(given.toLowerCase())?.[0] ?? '';
  return `${String(position + 1).padStart(Math.max(4, String(count).length), '0')}${ending}`;
}
