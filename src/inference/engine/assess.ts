/** One assessment of one patient: feature space, risk, suggestions, graph. */

import {
  type Assessment,
  type DescribedFeature,
  type Feature,
  type FeatureRecord,
  type InferenceInput,
  type InferenceModality,
  MsdtError,
  type SiteModelState,
} from '../../model/index.ts';
import { describeFeatures, recordsFromFeatures, synchronise } from '../features/index.ts';
import { findEntry, SETTINGS } from '../knowledge/index.ts';
import { buildPatientGraph } from '../patient-graph/index.ts';
import { recordsFromClinical } from '../record/index.ts';
import { ACTION_BAND, evaluateRules, recordsFromAcquisitions } from '../rules/index.ts';
import { readAnswers } from './answers.ts';
import { askModels } from './models.ts';

export const ENGINE = { id: 'msdt-inference', version: 1 } as const;

/** Taken where nobody chose a setting. */
export const ASSUMED_SETTING = 'referred-chronic-back-pain';

/** @throws MsdtError `parameter.invalid` the index date is no date, or no such setting */
export function assess(input: InferenceInput, site?: SiteModelState): Assessment {
  const settingId = input.setting ?? ASSUMED_SETTING;
  if (!SETTINGS.some(({ id }) => id === settingId))
    throw new MsdtError('parameter.invalid', `There is no setting "${settingId}"`, {
      hint: `Choose one of ${SETTINGS.map(({ id }) => id).join(', ')}.`,
    });
  const indexDate = input.indexDate ?? newestDate(input);
  const answers = readAnswers(input.answers);
  const records = recordsOf(input, answers.records, indexDate);
  const space = synchronise(
    records.filter(({ feature }) => findEntry(feature)),
    indexDate,
  );
  const models = askModels({ setting: settingId, space, synthetic: input.synthetic, site });
  const { risk, worth } = models;
  const actionBand = input.actionBand ?? ACTION_BAND;
  const used = [...space.features.values()];
  return {
    schemaVersion: 1,
    engine: ENGINE,
    indexDate,
    settingChosen: input.setting !== undefined,
    ...models,
    actionBand,
    used,
    leftOut: [...answers.refused, ...space.leftOut],
    ...evaluateRules({ indexDate, records, space, risk, worth, actionBand }),
    graph: buildPatientGraph({ input, risk, used }),
    synthetic: input.synthetic,
  };
}

/** Everything said of the patient, in the form of the feature space. */
function recordsOf(input: InferenceInput, answers: readonly FeatureRecord[], indexDate: string): FeatureRecord[] {
  return [
    ...recordsFromFeatures(input.features, { made: examinationsMade(input), deviceOf: devicesOf(input) }),
    ...recordsFromClinical(input.records, indexDate),
    ...recordsFromAcquisitions(input.acquisitions),
    ...answers,
  ];
}

/** What else was measured: features of the twin that the dictionary does not take. @param indexDate - ISO 8601 */
export function described(input: Measured, indexDate: string): DescribedFeature[] {
  return describeFeatures(input.features, indexDate, devicesOf(input));
}

type Measured = Pick<InferenceInput, 'features' | 'acquisitions' | 'acquisitionOf'>;

function devicesOf({ acquisitions, acquisitionOf = {} }: Measured): (feature: Feature) => string | undefined {
  const device = new Map(acquisitions.map((one) => [one.id, one.device]));
  return ({ evidence }) => {
    const sources = evidence.map(({ artifact }) => device.get(acquisitionOf[artifact]));
    return sources.find((name) => name !== undefined);
  };
}

/** What modalities of acquisition are called here. */
const EXAMINATION: Readonly<Record<string, InferenceModality>> = {
  ...{ ct: 'ct', mr: 'mri', keypoints: 'radiograph', emg: 'emg', imu: 'imu', motion: 'video', video3d: 'video' },
};

function examinationsMade({ acquisitions }: InferenceInput): ReadonlySet<InferenceModality> {
  return new Set(acquisitions.flatMap(({ modality }) => EXAMINATION[modality] ?? []));
}

/** Newest date of what is known of the patient, never after the moment of asking. */
function newestDate({ at, acquisitions, features, records, answers }: InferenceInput): string {
  const now = Date.parse(at);
  const dates = [
    ...acquisitions.map(({ takenAt }) => takenAt),
    ...features.map(({ validAt }) => validAt),
    ...answers.map((answer) => answer.at),
    ...records.flatMap(({ record }) => record.facts.map(({ from, recorded }) => from ?? recorded)),
  ];
  const times = dates.map((date) => Date.parse(date ?? '')).filter((time) => time <= now);
  return new Date(times.reduce((newest, time) => Math.max(newest, time), times[0] ?? now)).toISOString();
}
