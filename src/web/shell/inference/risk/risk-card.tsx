/** The risk of a patient: always an interval, always beside its setting, always with what the model is and is not. */

import { Tooltip } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { RESEARCH_USE, type WireAssessment } from '../../../../contract/index.ts';
import { SyntheticBadge } from '../../../kit/notes.tsx';
import { formatMoment } from '../../../kit/number/format.ts';
import type { StoredAssessment } from '../../../state/inference.ts';
import { DeskBar } from '../desk/index.ts';
import {
  HORIZON_NAMES,
  horizonOf,
  isUnfit,
  type Move,
  percent,
  percentRange,
  STATE_WORDS,
  setWords,
  signed,
} from '../words.ts';
import { axisTop } from './drivers.ts';
import { IntervalBar } from './interval-bar.tsx';
import classes from './risk.module.css';

export interface RiskCardProps {
  twin: string;
  stored: StoredAssessment;
  /** step from the assessment before */
  move: Move | undefined;
}

export function RiskCard({ twin, stored, move }: RiskCardProps) {
  const { risk, challenger, conformal, actionBand } = stored.assessment;
  const state = STATE_WORDS[risk.state];
  const unfit = isUnfit(risk.state);
  return (
    <section className={classes.card} aria-label="Risk" data-testid="risk-card" data-unfit={unfit || undefined}>
      <header>
        <h2>Risk that surgery happens</h2>
        {risk.synthetic ? <SyntheticBadge /> : null}
        <Tooltip label={state.meaning}>
          <span className={classes.state} data-state={risk.state}>
            {state.name}
          </span>
        </Tooltip>
      </header>
      {unfit ? (
        <p className={classes.unfit} role="alert">
          <IconAlertOctagon size={17} aria-hidden="true" />
          <span>{risk.caution}</span>
        </p>
      ) : null}
      <DeskBar twin={twin} assessment={stored.assessment} />
      {risk.state === 'failed' ? null : <Horizons risk={risk} />}
      {move ? <MoveNote move={move} /> : null}
      {unfit ? null : (
        <p className={classes.caution}>{risk.caution || 'Risk that surgery happens, not need of surgery.'}</p>
      )}
      {actionBand ? (
        <p className={classes.challenger}>
          Action band: <span className="numbers">{percentRange(...actionBand)}</span> within 12 months.
        </p>
      ) : null}
      {conformal ? <p className={classes.challenger}>{setWords(conformal)}</p> : null}
      {challenger && !unfit ? (
        <p className={classes.challenger}>
          <b>
            Challenger {challenger.model.id} v{challenger.model.version}: {percent(challenger.probability)}
          </b>
          , a point without an interval. {challenger.note} {maskedWords(challenger.explanation)}
        </p>
      ) : null}
      <footer>
        Assessment {stored.number}, {formatMoment(stored.at)} · {risk.model.id} v{risk.model.version}
        <br />
        {RESEARCH_USE}
      </footer>
    </section>
  );
}

type Risk = WireAssessment['risk'];

const SHOWN = ['0-6', '6-12', '0-12'] as const;

function Horizons({ risk }: { risk: Risk }) {
  const top = axisTop(Math.max(...risk.horizons.map(({ high }) => high), risk.setting.baseRate));
  return (
    <div className={classes.horizons}>
      {SHOWN.map((name) => {
        const horizon = horizonOf(risk.horizons, name);
        return horizon ? (
          <div key={name} className={classes.horizon} data-whole={name === '0-12' || undefined}>
            <span>{HORIZON_NAMES[name]}</span>
            <b className="numbers">
              {percentRange(horizon.low, horizon.high)} <small>point {percent(horizon.probability)}</small>
            </b>
            <IntervalBar
              low={horizon.low}
              point={horizon.probability}
              high={horizon.high}
              top={top}
              base={name === '0-12' ? risk.setting.baseRate : undefined}
            />
          </div>
        ) : null;
      })}
      <div className={`${classes.axis} numbers`} aria-hidden="true">
        <span>0</span>
        <span>90 % intervals</span>
        <span>{percent(top)}</span>
      </div>
    </div>
  );
}

/** What the newest data did to the number. */
function MoveNote({ move: { from, to } }: { move: Move }) {
  const [before, now] = [horizonOf(from.horizons, '0-12'), horizonOf(to.horizons, '0-12')];
  if (!before || !now || from.state === 'failed' || to.state === 'failed') return null;
  return (
    <p className={classes.move} data-testid="risk-move">
      12 months: {percent(before.probability)} <small>({percentRange(before.low, before.high)})</small> →{' '}
      <b>{percent(now.probability)}</b> <small>({percentRange(now.low, now.high)})</small>. {reasonText(to.reason)}
    </p>
  );
}

const MASKED = 3;

/** What the network's number stands on. */
function maskedWords(explanation: NonNullable<WireAssessment['challenger']>['explanation'] = []): string {
  if (explanation.length === 0) return '';
  const parts = explanation.slice(0, MASKED).map(({ name, worth }) => `${name} ${signed(worth)}`);
  return `Without a feature its logit would lack: ${parts.join(', ')}.`;
}

export function reasonText(reason: string): string {
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
