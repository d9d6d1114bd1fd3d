/** The pictures of a cohort: calibration with its interval and histogram, net benefit, contributions. */

import type { WireCohort } from '../../../../contract/index.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import { PlotFrame, ticksOf } from '../../../views/chart/plot-frame.tsx';
import classes from './cohort.module.css';
import { calibrationPoints, histogramOf, type Learner, learnerName } from './cohort-figures.ts';

const percentText = (value: number): string => `${Math.round(100 * value)} %`;
const path = (points: readonly [number, number][]): string =>
  points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('');

interface PlotProps {
  learner: Learner;
  synthetic: boolean;
}

const HISTOGRAM_SHARE = 0.16;

export function CalibrationPlot({ learner, synthetic }: PlotProps) {
  const points = calibrationPoints(learner);
  const most = Math.max(
    0.05,
    ...points.map(({ predicted, observed, high }) =>
      Math.max(predicted, observed, Math.min(high, 1.4 * observed + 0.1)),
    ),
  );
  const top = Math.min(1, Math.ceil(most * 20) / 20);
  const scale = (name: string) => ({ low: 0, high: top, name, ticks: ticksOf(0, top), text: percentText });
  return (
    <PlotFrame
      title={`Calibration of ${learnerName(learner.learner)}: observed against predicted in ${points.length} groups of patients`}
      x={scale('predicted')}
      y={scale('observed')}
      mark={synthetic ? 'SYNTHETIC' : undefined}
    >
      {(px, py) => (
        <>
          <Histogram points={points} top={top} px={px} py={py} />
          <path
            className={classes.diagonal}
            d={path([
              [px(0), py(0)],
              [px(top), py(top)],
            ])}
          />
          <path
            className={classes.band}
            d={`${path([
              ...points.map(({ predicted, high }): [number, number] => [px(predicted), py(Math.min(top, high))]),
              ...[...points].reverse().map(({ predicted, low }): [number, number] => [px(predicted), py(low)]),
            ])}Z`}
          />
          <path
            className={classes.curve}
            d={path(points.map(({ predicted, observed }) => [px(predicted), py(observed)]))}
          />
          {points.map(({ predicted, observed, low, high }) => (
            <g key={predicted}>
              <line
                className={classes.whisker}
                x1={px(predicted)}
                x2={px(predicted)}
                y1={py(low)}
                y2={py(Math.min(top, high))}
              />
              <circle className={classes.dot} cx={px(predicted)} cy={py(observed)} r={3.5} />
            </g>
          ))}
        </>
      )}
    </PlotFrame>
  );
}

interface HistogramProps {
  points: ReturnType<typeof calibrationPoints>;
  top: number;
  px(x: number): number;
  py(y: number): number;
}

/** How many patients stand where along the axis. */
function Histogram({ points, top, px, py }: HistogramProps) {
  const bars = histogramOf(points, top);
  const most = Math.max(...bars);
  const width = top / bars.length;
  return bars.map((count, i) => {
    const height = (count / most) * HISTOGRAM_SHARE * top;
    const from = i * width;
    return (
      <rect
        key={from}
        className={classes.bar}
        x={px(from)}
        width={Math.max(1, px(from + width) - px(from) - 0.5)}
        y={py(height)}
        height={py(0) - py(height)}
      />
    );
  });
}

interface DecisionProps {
  learners: readonly Learner[];
  chosen: string;
  synthetic: boolean;
}

export function DecisionPlot({ learners, chosen, synthetic }: DecisionProps) {
  const first = learners[0].decision;
  const all = learners.flatMap(({ decision }) => decision.map(({ model, high: top }) => top ?? model));
  const high = Math.max(0.01, ...all, ...first.map(({ treatAll }) => treatAll)) * 1.08;
  const low = -0.25 * high;
  const thresholds = first.map(({ threshold }) => threshold);
  const [from, to] = [Math.min(...thresholds), Math.max(...thresholds)];
  const decimals = high < 0.1 ? 2 : 1;
  const y = {
    low,
    high,
    name: 'net benefit',
    ticks: ticksOf(low, high),
    text: (v: number) => formatNumber(v, decimals + 1),
  };
  const x = { low: from, high: to, name: 'threshold of risk', ticks: ticksOf(from, to), text: percentText };
  return (
    <>
      <PlotFrame
        title={`Decision curve of ${learnerName(chosen)} against treating all and treating none`}
        x={x}
        y={y}
        mark={synthetic ? 'SYNTHETIC' : undefined}
      >
        {(px, py) => (
          <>
            <path
              className={classes.treatAll}
              d={path(
                first
                  .filter(({ treatAll }) => treatAll >= low)
                  .map(({ threshold, treatAll }) => [px(threshold), py(treatAll)]),
              )}
            />
            <path
              className={classes.treatNone}
              d={path([
                [px(from), py(0)],
                [px(to), py(0)],
              ])}
            />
            <path
              className={classes.band}
              d={netBenefitBand(
                learners.find(({ learner }) => learner === chosen),
                low,
                px,
                py,
              )}
            />
            {learners.map(({ learner, decision }) => (
              <path
                key={learner}
                className={learner === chosen ? classes.curve : classes.others}
                d={path(decision.map(({ threshold, model }) => [px(threshold), py(Math.max(low, model))]))}
              />
            ))}
          </>
        )}
      </PlotFrame>
      <ul className={classes.legend}>
        <li data-line="curve">{learnerName(chosen)}</li>
        {learners.length > 1 ? <li data-line="others">other learners</li> : null}
        <li data-line="all">treat all</li>
        <li data-line="none">treat none</li>
      </ul>
    </>
  );
}

/** The 90 % interval of the net benefit of one learner, closed; empty where the server gives none. */
function netBenefitBand(
  learner: Learner | undefined,
  floor: number,
  px: (x: number) => number,
  py: (y: number) => number,
): string {
  const known = (learner?.decision ?? []).flatMap(({ threshold, low, high }) =>
    low === undefined || high === undefined ? [] : [{ threshold, low, high }],
  );
  if (known.length === 0) return '';
  const edge = (of: 'low' | 'high'): [number, number][] =>
    known.map((point) => [px(point.threshold), py(Math.max(floor, point[of]))]);
  return `${path([...edge('high'), ...edge('low').reverse()])}Z`;
}

export function ContributionPlot({ contributions }: Pick<WireCohort, 'contributions'>) {
  const most = Math.max(0.01, ...contributions.map(({ high }) => high));
  const at = (value: number): string => `${(100 * Math.max(0, value)) / most}%`;
  return (
    <ul className={classes.contributions}>
      {contributions.map(({ column, contribution, low, high }) => (
        <li key={column}>
          <span>{column}</span>
          <div className={classes.track} aria-hidden="true">
            <i style={{ width: at(contribution) }} />
            <em style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }} />
          </div>
          <b className="numbers">{formatNumber(contribution, 2)}</b>
        </li>
      ))}
    </ul>
  );
}
