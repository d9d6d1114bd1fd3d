/** The risk in brief, as intervals with their setting and state, and what would tell more; the inference screen has the reasons. */

import { Button } from '@mantine/core';
import { IconAlertOctagon, IconArrowRight } from '@tabler/icons-react';
import { ErrorNote, SyntheticBadge } from '../../kit/notes.tsx';
import { count } from '../../kit/number/format.ts';
import { recordOf } from '../../state/client.ts';
import { go } from '../../state/place.ts';
import { rateText } from '../inference/desk/index.ts';
import { HORIZON_NAMES, isUnfit, percentRange, STATE_WORDS } from '../inference/words.ts';
import classes from './overview.module.css';
import risk from './risk-card.module.css';
import { redFlagWords, wouldTell } from './risk-summary.ts';
import { useShown, useShownAssessment } from './shown-assessment.ts';

/** @param empty - nothing has come in: then only what was said by hand makes a risk worth showing */
export function OverviewRisk({ twin, empty = false }: { twin: string; empty?: boolean }) {
  const { assessment, error, again } = useShown(twin);
  if (!assessment)
    return error === undefined ? null : (
      <section className={`${classes.card} ${risk.card}`} aria-label="Risk">
        <h2>Risk of surgery</h2>
        <div className={risk.problem}>
          <ErrorNote error={recordOf(error)} onRetry={again} />
        </div>
      </section>
    );
  const { setting, horizons, state, caution } = assessment.risk;
  const flags = redFlagWords(assessment);
  if (empty && !flags.fires && assessment.used.length === 0) return null;
  const unfit = isUnfit(state);
  return (
    <section className={`${classes.card} ${risk.card}`} aria-label="Risk" data-unfit={unfit || undefined}>
      <h2>
        Risk of surgery
        <small title={STATE_WORDS[state].meaning}>{STATE_WORDS[state].name}</small>
        <Button
          size="compact-xs"
          variant="light"
          style={{ flex: 'none' }}
          rightSection={<IconArrowRight size={13} />}
          aria-label="Why: open inference"
          onClick={() => go({ screen: 'inference' })}
        >
          Why
        </Button>
      </h2>
      {flags.fires ? (
        <p className={risk.flag} role="alert">
          <IconAlertOctagon size={16} aria-hidden="true" />
          {flags.text}
        </p>
      ) : null}
      {unfit ? (
        <p className={risk.flag} role="alert">
          <IconAlertOctagon size={16} aria-hidden="true" />
          {state === 'failed' ? STATE_WORDS.failed.meaning : caution}
        </p>
      ) : null}
      {state === 'failed' ? null : (
        <dl className={risk.horizons}>
          {horizons
            .filter(({ horizon }) => horizon !== '0-12')
            .map(({ horizon, low, high }) => (
              <div key={horizon}>
                <dt>{HORIZON_NAMES[horizon]}</dt>
                <dd className="numbers">{percentRange(low, high)}</dd>
              </div>
            ))}
        </dl>
      )}
      <p className={risk.setting}>
        {setting.name}, base rate {rateText(setting.baseRate)}
        {assessment.settingChosen ? '' : ' (assumed)'}.{' '}
        {unfit ? '' : caution || 'Risk that surgery happens, not need of surgery.'}
        {flags.fires ? '' : ` ${flags.text}.`} {assessment.synthetic ? <SyntheticBadge /> : null}
      </p>
    </section>
  );
}

/** Examinations that were not made and questions that nobody has answered, with what they would tell. */
export function WouldTellMore({ twin }: { twin: string }) {
  const assessment = useShownAssessment(twin);
  if (!assessment) return null;
  const exams = wouldTell(assessment);
  const asks = assessment.asks.length;
  if (exams.length === 0 && asks === 0) return null;
  return (
    <dl className={risk.tell}>
      {exams.map(({ modality, name, share, features }) => (
        <div key={modality}>
          <dt>{name}</dt>
          <dd>
            {count(features, 'feature')} of the risk not measured: its interval would be about{' '}
            {Math.max(1, Math.round(100 * share))} % narrower.
          </dd>
        </div>
      ))}
      {asks > 0 ? (
        <div>
          <dt>{count(asks, 'answer')}</dt>
          <dd>
            Rules wait for them.{' '}
            <button type="button" onClick={() => go({ screen: 'inference' })}>
              Answer
            </button>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}
