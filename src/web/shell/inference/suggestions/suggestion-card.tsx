/** One suggestion: what, how strongly, why, what it would tell; accepted or overridden by a person. */

import { Button, CopyButton, Tooltip } from '@mantine/core';
import { IconArrowUpRight, IconCheck, IconChevronDown, IconCopy, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { WireDecision, WireRisk, WireSuggestion } from '../../../../contract/index.ts';
import { IconAction } from '../../../kit/icon-action.tsx';
import { formatAgo, formatMoment } from '../../../kit/number/format.ts';
import { MODALITY_NAMES, percentRange } from '../words.ts';
import { OverrideForm } from './override-form.tsx';
import {
  decisionWords,
  type Judged,
  KIND_WORDS,
  narrowingOf,
  orderText,
  STRENGTH_WORDS,
  URGENCY_WORDS,
} from './suggestion-model.ts';
import classes from './suggestions.module.css';

export interface SuggestionCardProps {
  judged: Judged;
  risk: Pick<WireRisk, 'logit'>;
  /** goes to what a reason came from; undefined: it came from nowhere that can be shown */
  follow(reason: WireSuggestion['because'][number]): (() => void) | undefined;
  onDecide(decision: WireDecision['decision'], reason?: string): Promise<boolean>;
}

export function SuggestionCard({ judged, risk, follow, onDecide }: SuggestionCardProps) {
  const { suggestion, decision, earlier } = judged;
  const [open, setOpen] = useState(false);
  const [hand, setHand] = useState<'rest' | 'change' | 'override'>('rest');
  const folded = decision !== undefined && !open;
  const settle = async (what: WireDecision['decision'], reason?: string): Promise<void> => {
    if (!(await onDecide(what, reason))) return;
    setHand('rest');
    setOpen(false);
  };
  return (
    <article
      className={classes.card}
      data-urgency={suggestion.urgency}
      data-decision={decision?.decision}
      data-testid={`suggestion-${suggestion.id}`}
      aria-label={suggestion.title}
    >
      <header>
        <Badges suggestion={suggestion} />
        {decision ? (
          <button
            type="button"
            className={classes.fold}
            aria-expanded={open}
            aria-label={open ? 'Fold' : 'Unfold'}
            onClick={() => setOpen(!open)}
          >
            <IconChevronDown size={16} data-open={open || undefined} />
          </button>
        ) : null}
      </header>
      <h4>{suggestion.title}</h4>
      {decision ? <DecisionLine decision={decision} /> : null}
      {folded ? null : (
        <>
          {suggestion.detail ? <p>{suggestion.detail}</p> : null}
          <Because suggestion={suggestion} follow={follow} />
          <Worth suggestion={suggestion} risk={risk} />
          {suggestion.order ? <Order order={suggestion.order} /> : null}
          <p className={classes.source}>
            Rule {suggestion.rule} · {suggestion.source}
          </p>
          {earlier.length > 0 ? (
            <ol className={classes.earlier} aria-label="Earlier decisions">
              {earlier.map((one) => (
                <li key={`${one.at} ${one.decision}`}>
                  Earlier: <DecisionText decision={one} />
                </li>
              ))}
            </ol>
          ) : null}
          {hand === 'override' ? (
            <OverrideForm onCancel={() => setHand('rest')} onGive={(reason) => settle('overridden', reason)} />
          ) : decision && hand === 'rest' ? (
            <div className={classes.hands}>
              <Button variant="default" onClick={() => setHand('change')}>
                Change decision
              </Button>
              <span className={classes.dim}>The earlier one stays in the log.</span>
            </div>
          ) : (
            <div className={classes.hands}>
              <Button variant="light" leftSection={<IconCheck size={15} />} onClick={() => void settle('accepted')}>
                Accept
              </Button>
              <Button variant="default" leftSection={<IconX size={15} />} onClick={() => setHand('override')}>
                Override …
              </Button>
            </div>
          )}
        </>
      )}
    </article>
  );
}

function Badges({ suggestion }: { suggestion: WireSuggestion }) {
  const { strength, urgency, kind } = suggestion;
  return (
    <div className={classes.badges}>
      <Tooltip label={STRENGTH_WORDS[strength]} events={{ hover: true, focus: true, touch: true }}>
        <button type="button" className={classes.strength} data-strength={strength}>
          <span className={classes.away}>Strength </span>
          {strength === '-' ? 'note' : strength}
          <span className={classes.away}>: {STRENGTH_WORDS[strength]}</span>
        </button>
      </Tooltip>
      <span className={classes.kind}>{KIND_WORDS[kind]}</span>
      {urgency === 'routine' ? null : <span className={classes.urgency}>{URGENCY_WORDS[urgency]}</span>}
    </div>
  );
}

function DecisionLine({ decision }: { decision: WireDecision }) {
  const Icon = decision.decision === 'accepted' ? IconCheck : IconX;
  return (
    <p className={classes.decision}>
      <Icon size={15} aria-hidden="true" />
      <DecisionText decision={decision} />
    </p>
  );
}

function DecisionText({ decision }: { decision: WireDecision }) {
  return (
    <span>
      {decisionWords(decision)}
      {decision.reason ? <>: “{decision.reason}”</> : null}{' '}
      <time dateTime={decision.at} title={formatMoment(decision.at)}>
        {formatAgo(decision.at)}
      </time>
    </span>
  );
}

function Because({ suggestion, follow }: Pick<SuggestionCardProps, 'follow'> & { suggestion: WireSuggestion }) {
  if (suggestion.because.length === 0) return null;
  return (
    <ul className={classes.because} aria-label="Because">
      {suggestion.because.map((reason) => {
        const go = follow(reason);
        return (
          <li key={`${reason.finding} ${reason.text}`}>
            {go ? (
              <button type="button" className={classes.reason} onClick={go}>
                <span>{reason.text}</span>
                <IconArrowUpRight size={13} className={classes.onward} aria-hidden="true" />
              </button>
            ) : (
              <span className={classes.reason}>{reason.text}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What the examination is expected to do to the interval: two bars on one scale, and the numbers. */
function Worth({ suggestion, risk }: { suggestion: WireSuggestion; risk: Pick<WireRisk, 'logit'> }) {
  const narrowing = narrowingOf(risk, suggestion.worth);
  if (!narrowing) return null;
  const { now, after, share } = narrowing;
  const what = MODALITY_NAMES[suggestion.worth?.modality ?? ''] ?? suggestion.worth?.modality;
  const bar = ([low, high]: [number, number]) => ({ left: `${100 * low}%`, width: `${100 * (high - low)}%` });
  return (
    <figure className={classes.worth}>
      <figcaption>
        Expected from {what}: interval {Math.round(100 * share)} % narrower
      </figcaption>
      <div className={classes.bars} aria-hidden="true">
        <i style={bar(now)} />
        <i style={bar(after)} data-after />
      </div>
      <span className="numbers">
        {percentRange(...now)} → {percentRange(...after)}
      </span>
    </figure>
  );
}

function Order({ order }: { order: NonNullable<WireSuggestion['order']> }) {
  const text = orderText(order);
  return (
    <div className={classes.order}>
      <span>
        Order <code>{text}</code>
      </span>
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <IconAction name={copied ? 'Copied' : `Copy ${text}`} size={26} onClick={copy}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </IconAction>
        )}
      </CopyButton>
    </div>
  );
}
