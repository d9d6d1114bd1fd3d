/** Which diagnoses and findings say what of a patient. Features of the dictionary; findings of the rules carry their own codes. */

import type { CodeSet } from '../codes.ts';

/**
 * How a diagnosis speaks in time. `state`: true as long as it lasts; `new`: counts from its onset and only while it lasts;
 * `ever`: has happened, and stays true when it is over.
 */
export type Tense = 'state' | 'new' | 'ever';

/** A diagnosis that gives a feature or finding a value. */
export interface ConditionRow {
  target: string;
  value: number | string;
  tense: Tense;
  codes: CodeSet;
  /** counts also when it is only suspected */
  suspected?: boolean;
  /** the code does not name the place, so the body site must */
  site?: 'leg';
}

/** Diagnoses of the thoracic and cervical spine that share the beginning of a lumbar code. */
const NOT_LUMBAR_DISC = [
  ...['M51.04', 'M51.05', 'M51.14', 'M51.15', 'M51.24', 'M51.25'],
  ...['M51.34', 'M51.35', 'M51.44', 'M51.45', 'M51.84', 'M51.85'],
];
const NOT_LUMBAR_ROOT = ['M54.11', 'M54.12', 'M54.13', 'M54.14', 'M54.15'];

/** Degenerative disease of the lumbar spine: its onset dates the symptoms. */
export const DEGENERATIVE_LUMBAR: CodeSet = {
  snomed: ['18347007', '128196005', '278860009', '279039007', '307177001', '77547008', '274152003'],
  icd10: [
    ...['M51', 'M48.06', 'M48.07', 'M43.16', 'M43.17', 'M54.1', 'M54.3', 'M54.4', 'M54.5', 'M47.16', 'M47.26'],
    ...['M47.27', 'M47.816', 'M47.817', 'M99.33', 'M99.43'],
  ],
  except: [...NOT_LUMBAR_DISC, ...NOT_LUMBAR_ROOT],
};

export const CONDITION_ROWS: readonly ConditionRow[] = [
  { target: 'symptom.claudication', value: 1, tense: 'state', codes: { icd10: ['M48.062'] } },
  // the code itself says "without neurogenic claudication"
  { target: 'symptom.claudication', value: 0, tense: 'state', codes: { icd10: ['M48.061'] } },
  {
    ...{ target: 'symptom.paresthesia', value: 1, tense: 'state', site: 'leg' },
    codes: { snomed: ['91019004'], icd10: ['R20.2'] },
  },
  { target: 'herniation.level', value: 'L5-S1', tense: 'state', codes: { icd10: ['M51.17', 'M51.27'] } },
  {
    ...{ target: 'person.smoker', value: 1, tense: 'state' },
    codes: {
      snomed: ['449868002', '428041000124106', '428061000124105', '428071000124103', '56294008', '65568007'],
      icd10: ['F17.2', 'Z72.0'],
      except: ['F17.201', 'F17.211', 'F17.221', 'F17.291'],
    },
  },
  {
    ...{ target: 'person.smoker', value: 0, tense: 'state' },
    codes: { snomed: ['266919005', '8517006', '8392000'], icd10: ['Z87.891'] },
  },
  {
    ...{ target: 'person.sleepDisorder', value: 1, tense: 'state' },
    codes: { snomed: ['39898005', '193462001', '78275009'], icd10: ['G47', 'F51'] },
  },
  // failed back surgery: there was an operation
  { target: 'care.spineSurgery', value: 1, tense: 'ever', codes: { icd10: ['M96.1'] } },
];

/** How the findings of the rules speak in time where their window alone does not say it. */
export const FINDING_TENSE: Readonly<Record<string, Tense>> = {
  ...{ 'flag.trauma': 'ever', 'flag.bacteraemia': 'ever', 'flag.immunosuppression': 'state' },
  ...{ 'history.cancer': 'ever', 'history.fragilityFracture': 'ever', 'history.diabetes': 'ever' },
  ...{ 'history.neuropathy': 'ever', 'diagnosis.osteoporosis': 'ever', 'diagnosis.stenosis': 'state' },
  ...{ 'diagnosis.caudaEquina': 'new', 'flag.mriContraindicated': 'state' },
};

/** Codes that findings take beside their own, and those their beginnings would take by mistake. */
export const FINDING_CODES: Readonly<Record<string, CodeSet>> = {
  'symptom.spinePain': {
    snomed: ['161891005', '23056005'],
    except: ['M54.0', 'M54.2', 'M54.6', 'M54.81', ...NOT_LUMBAR_ROOT, ...NOT_LUMBAR_DISC],
  },
  'symptom.sciatica': { snomed: ['23056005'], except: [...NOT_LUMBAR_ROOT, ...NOT_LUMBAR_DISC] },
  'diagnosis.stenosis': { except: ['M48.050'] },
  // cancers of the skin other than melanoma do not spread to bone
  'history.cancer': {
    snomed: ['363346000', '254837009', '363406005', '254637007', '399068003', '93761005', '109838007'],
    except: ['C44', 'Z85.82'],
  },
  'history.diabetes': { snomed: ['44054006', '46635009', '73211009'] },
  'history.neuropathy': { snomed: ['302226006', '368581000119106'] },
  'flag.fever': { snomed: ['386661006'] },
  'flag.bacteraemia': { snomed: ['5758002', '91302008'] },
  'flag.immunosuppression': { snomed: ['86406008', '234532001'] },
  'flag.intravenousDrugs': { snomed: ['226034001'] },
};

/** Findings for which a suspicion is enough. */
export const SUSPICION_COUNTS: readonly string[] = ['diagnosis.caudaEquina'];
