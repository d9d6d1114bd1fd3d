/** The right-hand column of the inference screen: red flags first, then what to ask, then what could be done next. */

import { TextInput } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import type { WireAsk, WireDecision, WireStoredAssessment } from '../../../../contract/index.ts';
import { SyntheticBadge } from '../../../kit/notes.tsx';
import { count } from '../../../kit/number/format.ts';
import { openTrail, type Trail } from '../../../state/evidence.ts';
import { decide, useDecisions } from '../../../state/inference.ts';
import { usePlace } from '../../../state/place.ts';
import { prefer, usePreferences } from '../../../state/preferences.ts';
import { useTwinView } from '../../../state/queries.ts';
import { toast } from '../../../state/toasts.ts';
import { AnswerList, AskCards, RedFlagAsks } from '../desk/index.ts';
import { SuggestionCard } from './suggestion-card.tsx';
import { bandsOf, type Judged } from './suggestion-model.ts';
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
  const follow = useFollow(twin);
  const card = (one: Judged) => (
    <SuggestionCard
      key={one.suggestion.id}
      judged={one}
      risk={assessment.risk}
      onFollow={follow}
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
      <RedFlags cards={bands.redFlags} render={card} twin={twin} asks={assessment.asks} />
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
      <AskCards twin={twin} asks={assessment.asks} />
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
}

/** Always there, also when it holds nothing: its silence says something too. */
function RedFlags({ cards, render, twin, asks }: RedFlagsProps) {
  const asked = asks.some(({ redFlag }) => redFlag);
  return (
    <section className={classes.redFlags} data-any={cards.length > 0 || undefined} aria-label="Red flags">
      <h2>
        {cards.length > 0 ? <IconAlertOctagon size={17} aria-hidden="true" /> : null}
        Red flags
        <small>{cards.length > 0 ? 'before and apart from any model' : 'none fires'}</small>
      </h2>
      {cards.map(render)}
      <RedFlagAsks twin={twin} asks={asks} />
      {cards.length === 0 && !asked ? (
        <p className={classes.dim}>All that could raise one is answered or recorded.</p>
      ) : null}
    </section>
  );
}

/** Goes to what a reason came from, and says so where it came from nowhere that can be shown. */
function useFollow(twin: string): (trail: Trail & { finding: string }) => void {
  const asOf = usePlace((place) => place.asOf);
  const { data: view } = useTwinView(twin, asOf);
  return useCallback(
    (trail) => {
      if (view && openTrail(view, trail)) return;
      const answer = document.getElementById(`answer-${trail.finding}`);
      if (answer) {
        answer.scrollIntoView({ block: 'nearest' });
        answer.focus();
        return;
      }
      toast('This reason has no place in the data that could be shown.');
    },
    [view],
  );
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
