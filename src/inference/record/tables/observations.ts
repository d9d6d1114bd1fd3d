/** Scores, laboratory values and measurements by code: to which feature they go, in which unit. */

import type { CodeSet } from '../codes.ts';

/** What a coded measurement says. */
export interface ObservationRow {
  target: string;
  codes: CodeSet;
  /** units that need more than a factor of the same dimension: value · scale + offset is in the unit of the target */
  units?: Readonly<Record<string, { scale: number; offset?: number }>>;
  /** a score is a plain number: units that only say so, or none, count as the unit of the target */
  plain?: boolean;
  /** possible values, in the unit of the target */
  range: readonly [low: number, high: number];
  /** the code does not name the place, so the body site must */
  site?: 'leg' | 'back';
  /** yes from here on; below it nothing is known */
  atLeast?: number;
  /** coded answers and what they mean; undefined values say that nothing is known */
  answers?: readonly { codes: readonly string[]; value?: number | string }[];
  /** unit of the measurement where the target is yes or no */
  unit?: string;
}

/** LOINC answers and SNOMED findings of the smoking status. */
const SMOKING = [
  {
    codes: [
      ...['449868002', '428041000124106', '428061000124105', '428071000124103', '56294008', '65568007'],
      ...['LA18976-3', 'LA18977-1', 'LA18981-3', 'LA18982-1'],
    ],
    value: 1,
  },
  { codes: ['266919005', '8517006', '8392000', 'LA18978-9', 'LA15920-4'], value: 0 },
  // 77176002 is "smoker, current status unknown" in the national value set
  { codes: ['77176002', '266927001', 'LA18979-7', 'LA18980-5'] },
] as const;

/** Molar mass of 25-hydroxyvitamin D3, 400.64 g/mol. */
const VITAMIN_D = { 'nmol/L': { scale: 0.40064 } };

/** NGSP percent from IFCC mmol/mol by the master equation. */
const HBA1C = { 'mmol/mol': { scale: 0.09148, offset: 2.152 }, 'mmol/mol{Hb}': { scale: 0.09148, offset: 2.152 } };

const PAIN = { codes: { loinc: ['72514-3', '75893-8', '38208-5'] }, plain: true, range: [0, 10] } as const;

export const OBSERVATION_ROWS: readonly ObservationRow[] = [
  // points of 50 where the unit says points; a bare number may be either, and stays out
  {
    ...{ target: 'prom.odi', codes: { loinc: ['97909-6', '97908-8'] }, range: [0, 100] },
    units: { '{score}': { scale: 2 }, '{points}': { scale: 2 } },
  },
  { ...PAIN, target: 'pain.leg', site: 'leg' },
  { ...PAIN, target: 'pain.back', site: 'back' },
  { target: 'prom.phq9', codes: { loinc: ['44261-6'] }, plain: true, range: [0, 27] },
  {
    ...{ target: 'prom.startBack', codes: { loinc: ['91351-7'] }, plain: true, range: [0, 9] },
    answers: [
      { codes: ['low'], value: 'low' },
      { codes: ['medium'], value: 'medium' },
      { codes: ['high'], value: 'high' },
    ],
  },
  { target: 'person.bmi', codes: { loinc: ['39156-5'] }, range: [8, 120] },
  { target: 'person.smoker', codes: { loinc: ['72166-2'] }, range: [0, 1], answers: SMOKING },
  { target: 'lab.crp', codes: { loinc: ['1988-5', '30522-7'] }, range: [0, 1000] },
  { target: 'lab.esr', codes: { loinc: ['4537-7', '30341-2'] }, range: [0, 200] },
  { target: 'lab.il6', codes: { loinc: ['26881-3'] }, range: [0, 100_000] },
  { target: 'lab.tnfAlpha', codes: { loinc: ['3074-2'] }, range: [0, 100_000] },
  { target: 'lab.betaCtx', codes: { loinc: ['41171-0'] }, range: [0, 20_000] },
  { target: 'lab.vitaminD', codes: { loinc: ['62292-8', '1989-3'] }, range: [0, 500], units: VITAMIN_D },
  { target: 'lab.hba1c', codes: { loinc: ['4548-4', '17856-6', '59261-8'] }, range: [2, 25], units: HBA1C },
  { target: 'lab.haemoglobin', codes: { loinc: ['718-7'] }, range: [1, 30], units: { 'mmol/L': { scale: 1.6114 } } },
  { target: 'bone.tScore', codes: { loinc: ['38267-1'] }, plain: true, range: [-10, 10] },
  { target: 'spine.cobb', codes: { snomed: ['285285000'] }, range: [0, 180] },
  {
    ...{ target: 'flag.fever', codes: { loinc: ['8310-5', '8331-1', '8332-9', '8333-7'] }, range: [30, 45] },
    ...{ atLeast: 38, unit: 'Cel', units: { '[degF]': { scale: 5 / 9, offset: -160 / 9 } } },
  },
];

/** Known measurements that no feature takes, and why. */
export const NOT_TAKEN: readonly { codes: CodeSet; reason: string }[] = [
  { codes: { loinc: ['38265-5'] }, reason: 'a T-score of the forearm: that of the lumbar spine (38267-1) counts' },
  {
    codes: { loinc: ['71960-9', '71962-5', '71966-6', '62337-1', '61576-5'] },
    reason: 'the dictionary has no PROMIS feature',
  },
  {
    codes: { loinc: ['71934-4', '91147-9', '91148-7'] },
    reason: 'the dictionary has no feature of this questionnaire',
  },
  { codes: { loinc: ['24966-4'] }, reason: 'areal density without the reference population: the T-score counts' },
];
