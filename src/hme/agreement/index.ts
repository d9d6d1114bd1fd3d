/**
 * Door: do two sources say the same? Video against sensor against markers.
 *
 * Channels are paired by name, brought to common times through the clocks, and compared: lag, root mean square difference, bias with limits
 * of agreement, correlation, coefficient of multiple correlation. What was tried stands in NOTES.md.
 */

import {
  type ArtifactDraft,
  type CapabilityResult,
  type Clocks,
  defineCapability,
  type FeatureDraft,
  intervalFromSd,
  MsdtError,
  type QualityFlag,
  type SignalChannel,
  type Signals,
  type Table,
  tableFromRows,
  type Uncertainty,
  type Unit,
} from '../../model/index.ts';
import { type CommonTimes, clockToClock, commonTimes, type Lag, lagOf } from './align.ts';
import { AGREEMENT_FEATURES, FAMILIES, type Family } from './features.ts';
import { type AgreementMeasures, compareCurves } from './measures.ts';
import { type ChannelPair, pairChannels } from './pairs.ts';

export { AGREEMENT_FEATURES } from './features.ts';
export { type AgreementMeasures, compareCurves } from './measures.ts';
export { angleKey } from './pairs.ts';

/** How two sources are compared. */
export interface AgreementOptions {
  /** see `pairChannels` */
  pairs?: string;
  clocks?: Clocks;
  /** `remove` shifts each second curve by its lag before the comparison; by default only without clocks */
  lag?: 'auto' | 'report' | 'remove';
  maxLagS?: number;
}

/** One pair, compared. */
export interface PairAgreement {
  pair: ChannelPair;
  lag?: Lag;
  /** the lag was taken out before the comparison */
  shifted: boolean;
  common: CommonTimes;
  measures: AgreementMeasures;
}

/**
 * Compares two sources channel by channel.
 *
 * @throws MsdtError `labels.unknown` nothing to pair · `geometry.no-overlap` no common time · `parameter.invalid` a pair that is not there
 */
export function compareSources(
  first: Signals,
  second: Signals,
  options: AgreementOptions = {},
): { pairs: PairAgreement[]; quality: QualityFlag[] } {
  const { clocks, maxLagS = 2 } = options;
  const { known } = clockToClock(clocks, second.clock, first.clock);
  const remove = options.lag === 'remove' || (options.lag !== 'report' && !known);
  const quality: QualityFlag[] = [];
  const pairs = pairChannels(first, second, options.pairs ?? '').flatMap((pair): PairAgreement[] => {
    const plain = commonTimes(pair, first, second, clocks, 0);
    const lag = lagOf(plain, maxLagS);
    if (lag && !lag.inside)
      quality.push({
        code: 'agreement.lag',
        severity: 'doubt',
        where: pair.name,
        message: `${pair.name}: the best lag lies at the end of the range of ${maxLagS} s; it was not used.`,
      });
    const shift = remove && lag?.inside ? lag.lagS : undefined;
    const common = shift === undefined ? plain : commonTimes(pair, first, second, clocks, shift);
    const measures = compareCurves(common.first, common.second);
    if (!measures)
      quality.push({
        code: 'agreement.overlap',
        severity: 'info',
        where: pair.name,
        message: `${pair.name}: fewer than eight common samples.`,
      });
    return measures ? [{ pair, ...(lag ? { lag } : {}), shifted: shift !== undefined, common, measures }] : [];
  });
  if (pairs.length === 0) {
    throw new MsdtError('geometry.no-overlap', 'The two sources have no time in common', {
      detail: `clocks ${first.clock} and ${second.clock}, ${known ? 'mapped' : 'not mapped'}`,
      hint: 'Align their clocks first (clock-alignment) and give the result as clocks.',
    });
  }
  if (!known) {
    quality.push({
      code: 'agreement.clocks',
      severity: 'info',
      message: `No map joins the clocks ${first.clock} and ${second.clock}; each pair was ${remove ? 'shifted by its own lag' : 'compared as if they started together'}.`,
    });
  }
  return { pairs, quality };
}

function familyOf({ quantity, unit }: SignalChannel): Family {
  if (quantity === 'angle' || unit === 'deg' || unit === 'rad') return 'angle';
  return quantity === 'angular-rate' || unit === 'deg/s' || unit === 'rad/s' ? 'rate' : 'value';
}

function featuresOf({ pair, lag, shifted, common, measures: m }: PairAgreement): FeatureDraft[] {
  const family = familyOf(pair.first);
  const timeS: [number, number] = [common.timeS[0], common.timeS[common.timeS.length - 1]];
  const how = `${m.samples} common samples counting as ${m.independent.toFixed(0)} independent ones${shifted ? ', lag taken out' : ''}`;
  const shared = {
    site: pair.name.replace(/\.(left|right)$/, ''),
    ...(pair.side ? { side: pair.side } : {}),
    quality: Math.max(0, Math.min(1, m.independent / 20)),
    method: `${pair.second.name} against ${pair.first.name}${family === 'value' ? ` in ${pair.first.unit}` : ''}`,
    evidence: [
      { role: { input: 'first' }, locator: { channels: [pair.first.name], timeS } },
      { role: { input: 'second' }, locator: { channels: [pair.second.name] } },
      { role: { output: 'curves' }, locator: { channels: [`${pair.name} difference`], timeS } },
    ],
  };
  const one = (definition: string, unit: Unit, value: number, uncertainty: Uncertainty): FeatureDraft =>
    Number.isFinite(value)
      ? { definition: `agreement.${definition}`, value, unit, uncertainty, ...shared }
      : {
          definition: `agreement.${definition}`,
          value: null,
          missing: 'the curves do not vary enough beside their difference',
          unit,
          uncertainty: { kind: 'unknown', reason: 'no value' },
          ...shared,
        };
  const difference = (id: string, value: number, sd: number) =>
    one(`${family}.${id}`, FAMILIES[family], value, intervalFromSd(value, sd, how));
  const r = m.correlation;
  const z = Math.atanh(Math.min(1 - 1e-12, Math.abs(r))) * Math.sign(r);
  const reach = 1.6448536269514722 * m.fisherSd;
  const correlation: Uncertainty = Number.isFinite(m.fisherSd)
    ? {
        kind: 'interval',
        low: Math.min(r, Math.tanh(z - reach)),
        high: Math.max(r, Math.tanh(z + reach)),
        sd: m.fisherSd * (1 - r * r),
        method: `Fisher’s z, ${how}`,
      }
    : { kind: 'unknown', reason: 'too few independent samples' };
  const features = [
    difference('rmse', m.rmse, m.rmseSd),
    difference('rmseCentred', m.rmseCentred, m.rmseSd),
    difference('bias', m.bias, m.biasSd),
    difference('limitLow', m.limits[0], m.limitSd),
    difference('limitHigh', m.limits[1], m.limitSd),
    one('correlation', '1', r, correlation),
    one('cmc', '1', m.cmc, {
      kind: 'unknown',
      reason: 'one recording; its distribution depends on the shape of the curve',
    }),
  ];
  if (!lag) return features;
  const doubt: Uncertainty =
    lag.sdS === undefined
      ? { kind: 'unknown', reason: 'too short to compare its parts' }
      : intervalFromSd(lag.lagS, lag.sdS, 'scatter of the lags of three thirds');
  return [one('lag', 's', lag.lagS, doubt), ...features];
}

function tableOf(pairs: readonly PairAgreement[]): Table {
  return tableFromRows(
    pairs.map(({ pair, lag, shifted, measures: m }) => ({
      pair: pair.name,
      first: pair.first.name,
      second: pair.second.name,
      unit: FAMILIES[familyOf(pair.first)],
      samples: m.samples,
      independent: m.independent,
      lagS: lag?.lagS ?? null,
      lagRemoved: shifted,
      bias: m.bias,
      limitLow: m.limits[0],
      limitHigh: m.limits[1],
      rmse: m.rmse,
      rmseCentred: m.rmseCentred,
      correlation: Number.isFinite(m.correlation) ? m.correlation : null,
      cmc: Number.isFinite(m.cmc) ? m.cmc : null,
    })),
    { lagS: { unit: 's', definition: 'How much later the second curve comes' } },
  );
}

/** Both curves, their mean and their difference, for overlay and Bland–Altman plots; one artifact a pair, since their times differ. */
function curvesOf({ pair, common }: PairAgreement, clock: string): ArtifactDraft<'signal.measure'> {
  const family = familyOf(pair.first);
  const quantity = family === 'angle' ? 'angle' : family === 'rate' ? 'angular-rate' : pair.first.quantity;
  const unit: Unit = family === 'value' ? pair.first.unit : FAMILIES[family];
  const { first, second, timeS, rateHz } = common;
  const channel = (name: string, values: Float64Array): SignalChannel => ({
    name: `${pair.name} ${name}`,
    unit,
    quantity,
    values,
    ...(pair.side ? { side: pair.side } : {}),
  });
  return {
    kind: 'signal.measure',
    name: pair.name,
    payload: {
      clock,
      startS: timeS[0],
      rateHz,
      timeS,
      channels: [
        channel('first', first),
        channel('second', second),
        channel(
          'mean',
          first.map((value, i) => (value + second[i]) / 2),
        ),
        channel(
          'difference',
          second.map((value, i) => value - first[i]),
        ),
      ],
    },
  };
}

/** Lag, difference, limits and likeness of two sources of the same thing. */
export const agreement = defineCapability({
  id: 'agreement',
  version: 1,
  title: 'Agreement of two sources',
  summary:
    'Lag, root mean square difference, bias with 95 % limits, correlation and CMC of two recordings of the same angles.',
  scales: ['macro'],
  inputs: { first: 'signal.*', second: 'signal.*', clocks: 'clocks?' },
  params: {
    pairs: {
      type: 'text',
      label: 'Pairs of channels',
      default: '',
      help: 'first=second, separated by semicolons; a minus before the second turns its sign; all of one name when empty',
    },
    lag: {
      type: 'choice',
      label: 'Lag',
      options: ['auto', 'report', 'remove'],
      default: 'auto',
      help: 'auto: taken out only where no clock map joins the sources',
    },
    maxLagS: { type: 'number', label: 'Largest lag', unit: 's', min: 0.05, max: 60, default: 2 },
  },
  outputs: { table: 'table.record', curves: 'signal.measure[]' },
  features: AGREEMENT_FEATURES,
  automatic: false,
  run(ctx, { first, second, clocks }, params): CapabilityResult {
    const { pairs, quality } = compareSources(first.payload, second.payload, {
      pairs: params.pairs,
      clocks: clocks?.payload,
      lag: params.lag as AgreementOptions['lag'],
      maxLagS: params.maxLagS,
    });
    ctx.progress(0.9, `${pairs.length} pairs`);
    const table: ArtifactDraft<'table.record'> = {
      kind: 'table.record',
      payload: tableOf(pairs),
      name: 'Agreement',
      quality,
    };
    return {
      outputs: {
        table: table as ArtifactDraft,
        curves: pairs.map((pair) => curvesOf(pair, first.payload.clock) as ArtifactDraft),
      },
      features: pairs.flatMap(featuresOf),
      quality,
    };
  },
});
