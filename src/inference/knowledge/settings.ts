/** Where the patient stands: the base rate of surgery is decided by the setting before anything is measured. */

import { ArgumentError } from '../../model/index.ts';

/** A care setting with its share of patients operated within about a year. */
export interface Setting {
  id: string;
  name: string;
  /** share operated within the stated horizon */
  baseRate: number;
  /** horizon of the source as it states it */
  horizon: string;
  source: string;
  /** features that the setting already holds, never to be added again */
  without: readonly string[];
}

export const SETTINGS: readonly Setting[] = [
  {
    id: 'insured-herniation',
    name: 'Lumbar disc herniation, general insured population',
    ...{ baseRate: 0.03, horizon: '2 years', source: 'Lilly, Global Spine J 2021, n = 277,941', without: [] },
  },
  {
    id: 'referred-chronic-back-pain',
    name: 'Chronic back pain, referred to a spine centre',
    ...{
      baseRate: 0.064,
      horizon: 'after work-up',
      source: 'van Hooff 2018, PLoS ONE 0203518, n = 3,410',
      without: [],
    },
  },
  {
    id: 'radicular-herniation',
    name: 'Radicular pain with herniation on MRI',
    ...{ baseRate: 0.098, horizon: '1 year', source: 'Northwestern, Global Spine J 2021, n = 500', without: [] },
  },
  {
    id: 'after-epidural',
    name: 'After a lumbar epidural injection',
    ...{ baseRate: 0.169, horizon: '1 year', source: 'MarketScan, n = 179,025', without: ['care.epidural'] },
  },
  {
    id: 'hospital-sciatica',
    name: 'Sciatica, seen in hospital',
    ...{
      baseRate: 0.33,
      horizon: '2 years',
      source: 'Haugen 2012, BMC Musculoskelet Disord 13:183, n = 466',
      without: [],
    },
  },
  {
    id: 'trial-conservative-arm',
    name: 'Severe sciatica, conservative arm of a trial',
    ...{ baseRate: 0.39, horizon: '1 to 2 years', source: 'Hague sciatica trial, n = 142', without: [] },
  },
];

/**
 * The setting of an id.
 * @throws ArgumentError no such setting
 */
export function settingOf(id: string): Setting {
  const setting = SETTINGS.find((candidate) => candidate.id === id);
  if (!setting) throw new ArgumentError('setting', id, `one of ${SETTINGS.map((known) => known.id).join(', ')}`);
  return setting;
}
