/** The risk in brief, as intervals with their setting and state, and what would tell more; the inference screen has the reasons. */

import { Button } from '@mantine/core';
import { IconAlertOctagon, IconArrowRight } from '@tabler/icons-react';
import { SyntheticBadge } from '../../kit/notes.tsx';
import { count } from '../../kit/number/format.ts';
import { go } from '../../state/place.ts';
import { rateText } from '../inference/desk/index.ts';
import { HORIZON_NAMES, percentRange, STATE_WORDS } from '../inference/words.ts';
import classes from './overview.module.css';
import risk from './risk-card.module.css';
import { redFlagWords, wouldTell } from './risk-summary.ts';
import { useShownAssessment } from './shown-assessment.ts';

export function OverviewRisk({ twin }: { twin: string }) {
  const assessment = useShownAssessment(twin);
  if (!assessment) return null;
  const { setting, horizons, state, caution } = assessment.risk;
  const flags = redFlagWords(assessment);
  return (
    <section className={`${classes.card} ${risk.card}`} aria-label="Risk">
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
      <p className={risk.setting}>
        {setting.name}, base rate {rateText(setting.baseRate)}
        {assessment.settingChosen ? '' : ' (assumed)'}. {caution}
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
