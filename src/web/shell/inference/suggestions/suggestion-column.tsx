/** The right-hand column of the inference screen: red flags first, then what to ask, then what could be done next. */

import { TextInput } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import type { WireAsk, WireAssessment, WireDecision, WireStoredAssessment } from '../../../../contract/index.ts';
import { SyntheticBadge } from '../../../kit/notes.tsx';
import { count } from '../../../kit/number/format.ts';
import { destinationOf, openTrail } from '../../../state/evidence.ts';
import { decide, useDecisions, useInferenceDesk } from '../../../state/inference.ts';
import { usePlace } from '../../../state/place.ts';
import { prefer, usePreferences } from '../../../state/preferences.ts';
import { useTwinView } from '../../../state/queries.ts';
import { AnswerList, AskCards, RedFlagAsks } from '../desk/index.ts';
import { setInferenceView } from '../view-state.ts';
import { SuggestionCard, type SuggestionCardProps } from './suggestion-card.tsx';
import { bandsOf, type Judged, trailOf } from './suggestion-model.ts';
import classes from './suggestions.module.css';

export interface SuggestionColumnProps {
  twin: string;
  stored: WireStoredAssessment;
}

const NONE: readonly WireDecision[] = [];

export function SuggestionColumn({ twin, stored }: SuggestionColumnProps) {
  const { assessment } = stored;
  const { data: decisions = NONE } = useDecisions(twin);
  const bands = useMemo(() => bandsOf(assessment.suggestions, decisions), [assessment.suggestions, decisions]);
  const follow = useFollow(twin, assessment);
  const card = (one: Judged) => (
    <SuggestionCard
      key={one.suggestion.id}
      judged={one}
      risk={assessment.risk}
      follow={follow}
      onDecide={(decision, reason) =>
        decide(twin, {
          suggestion: one.suggestion.id,
          decision,
          ...(reason && { reason }),
          ...signature(),
          assessment: stored.number,
        })
      }
    />
  );
  return (
    <div className={classes.column}>
      <RedFlags cards={bands.redFlags} render={card} twin={twin} asks={assessment.asks} at={assessment.indexDate} />
      <section className={classes.section} aria-label="Suggestions">
        <h2>
          Suggestions <small>{bands.open.length > 0 ? `${bands.open.length} open` : 'none open'}</small>
          {assessment.synthetic ? <SyntheticBadge /> : null}
        </h2>
        {assessment.suggestions.length === 0 ? (
          <p className={classes.dim}>No rule fires on what is known. Answers and new data may change that.</p>
        ) : null}
        {bands.open.map(card)}
        {bands.decided.length > 0 ? (
          <>
            <h3>{count(bands.decided.length, 'decided suggestion')}</h3>
            {bands.decided.map(card)}
          </>
        ) : null}
      </section>
      <AskCards twin={twin} asks={assessment.asks} at={assessment.indexDate} />
      <AnswerList twin={twin} />
      <Signature />
      <p className={classes.research}>Research use only. A clinician decides; nothing here is a prescription.</p>
    </div>
  );
}

interface RedFlagsProps {
  cards: readonly Judged[];
  render(one: Judged): React.ReactNode;
  twin: string;
  asks: readonly WireAsk[];
  at: string;
}

/** Always there, also when it holds nothing: its silence says something too. */
function RedFlags({ cards, render, twin, asks, at }: RedFlagsProps) {
  const asked = asks.some(({ redFlag }) => redFlag);
  return (
    <section className={classes.redFlags} data-any={cards.length > 0 || undefined} aria-label="Red flags">
      <h2>
        {cards.length > 0 ? <IconAlertOctagon size={17} aria-hidden="true" /> : null}
        Red flags
        <small>{cards.length > 0 ? 'before and apart from any model' : 'none fires'}</small>
      </h2>
      {cards.map(render)}
      <RedFlagAsks twin={twin} asks={asks} at={at} />
      {cards.length === 0 && !asked ? (
        <p className={classes.dim}>All that could raise one is answered or recorded.</p>
      ) : null}
    </section>
  );
}

/** The way from a reason to its place in the data, to the answer that gave it, or to the feature that it speaks of. */
function useFollow(twin: string, assessment: WireAssessment): SuggestionCardProps['follow'] {
  const asOf = usePlace((place) => place.asOf);
  const { data: view } = useTwinView(twin, asOf);
  const { data: desk } = useInferenceDesk(twin);
  const features = useMemo(() => new Set(assessment.risk.contributions.map(({ feature }) => feature)), [assessment]);
  return useCallback(
    (reason) => {
      const trail = trailOf(reason);
      if (view && destinationOf(view, trail)) return () => openTrail(view, trail);
      if (desk?.document.answers.some(({ finding }) => finding === reason.finding))
        return () => showAnswer(reason.finding);
      const feature = [reason.finding, reason.record?.feature].find((id) => id !== undefined && features.has(id));
      return feature ? () => setInferenceView({ feature }) : undefined;
    },
    [view, desk, features],
  );
}

function showAnswer(finding: string): void {
  const answer = document.getElementById(`answer-${finding}`);
  answer?.scrollIntoView({ block: 'nearest' });
  answer?.focus();
}

function signature(): { user?: string } {
  const user = usePreferences.getState().signature.trim();
  return user ? { user } : {};
}

function Signature() {
  const signed = usePreferences((state) => state.signature);
  return (
    <TextInput
      size="xs"
      label="Signed as"
      description="Initials that decisions and answers are logged with, kept in this browser"
      placeholder="unsigned"
      maxLength={20}
      value={signed}
      onChange={(event) => prefer({ signature: event.currentTarget.value })}
    />
  );
}
