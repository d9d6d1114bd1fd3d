/** Short ways to write dictionary entries, so that the tables read as tables. */

import type { InferenceModality } from '../../model/index.ts';
import type { Basis, FeatureCode, FeatureEntry, Marginal, Term } from './entry.ts';
import { KNOWLEDGE } from './table.ts';

/** Windows of validity in days. */
export const WINDOW_DAYS: Readonly<Record<InferenceModality, number | undefined>> = {
  record: undefined,
  questionnaire: 30,
  mri: 365,
  ct: 365,
  radiograph: 365,
  ultrasound: 365,
  dxa: 365,
  emg: 90,
  imu: 90,
  video: 90,
  laboratory: 90,
};

export const normal = (mean: number, sd: number, low?: number, high?: number): Marginal => ({
  kind: 'normal',
  mean,
  sd,
  low,
  high,
});

export const lognormal = (median: number, sdLog: number, low?: number, high?: number): Marginal => ({
  kind: 'lognormal',
  median,
  sdLog,
  low,
  high,
});

export const yesNo = (share: number): Marginal => ({ kind: 'classes', values: [0, 1], shares: [1 - share, share] });

export const classes = (shares: Readonly<Record<string, number>>): Marginal => ({
  kind: 'classes',
  values: Object.keys(shares).map((name) => (Number.isNaN(Number(name)) ? name : Number(name))),
  shares: Object.values(shares),
});

export const linear = (centre: number, per: number, low?: number, high?: number): Basis => ({
  kind: 'linear',
  centre,
  per,
  low,
  high,
});

export const PRESENT: Basis = { kind: 'at-least', cut: 1 };

/** What must be said of a feature; the rest follows from its modality and its evidence row. */
type Given = Pick<FeatureEntry, 'id' | 'name' | 'unit' | 'row' | 'modality' | 'construct' | 'marginal'> &
  Partial<Omit<FeatureEntry, 'terms' | 'codes'>> & {
    basis?: Basis;
    terms?: readonly (Omit<Term, 'id'> & { part: string })[];
    published?: number;
  };

/** Completes an entry: window, use and codes follow from modality and evidence. */
export function feature(given: Given): FeatureEntry {
  const { basis, published, terms: parts, ...rest } = given;
  const terms = (parts ?? (basis ? [{ part: '', row: given.row, basis, published }] : [])).map(({ part, ...term }) => ({
    id: part ? `${given.id}:${part}` : given.id,
    ...term,
  }));
  const rows = terms.map((term) => KNOWLEDGE[term.row - 1]);
  const informed = rows.some((row) => (row.mean ?? 0) !== 0);
  const weighted = rows.length > 0 && rows.every((row) => row.mean !== undefined && row.sd !== undefined);
  return {
    also: [],
    scale: 'macro',
    windowDays: WINDOW_DAYS[given.modality],
    errorSd: 0,
    pick: 'latest',
    loading: 0,
    from: [],
    use: weighted ? (informed ? 'active' : 'held') : 'context',
    ...rest,
    terms,
    codes: codesIn(KNOWLEDGE[given.row - 1].code ?? ''),
  };
}

/** Codes named in the code column of a row. */
export function codesIn(text: string): FeatureCode[] {
  return text.split(';').flatMap((part) => {
    const system = /LOINC/.test(part) ? 'LOINC' : /SNOMED/.test(part) ? 'SNOMED' : undefined;
    if (!system) return [];
    const doubtful = /wanted|only/.test(part);
    const found = part.match(system === 'LOINC' ? /\b\d{3,6}-\d\b/g : /\b\d{6,18}\b/g) ?? [];
    return found.map((code) => ({ system, code, ...(doubtful ? { doubtful } : {}) }) as FeatureCode);
  });
}
