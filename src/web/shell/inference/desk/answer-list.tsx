/** Answers that were given, with their date; each can be taken away, which is a new version of the desk. */

import { IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { WireKnowledge } from '../../../../contract/index.ts';
import { IconAction } from '../../../kit/icon-action.tsx';
import { formatMoment } from '../../../kit/number/format.ts';
import { changeDesk, useInferenceDesk, useKnowledge } from '../../../state/inference.ts';
import classes from './desk.module.css';
import { answersShown, answerText, withAnswer, withoutAnswer } from './desk-model.ts';

const NO_FINDINGS: WireKnowledge['findings'] = [];

export function AnswerList({ twin }: { twin: string }) {
  const { data: desk } = useInferenceDesk(twin);
  const { data: knowledge } = useKnowledge();
  const findings = knowledge?.findings ?? NO_FINDINGS;
  const asked = useMemo(() => new Map(findings.map((one) => [one.id, one])), [findings]);
  const answers = useMemo(() => (desk ? answersShown(desk.document) : []), [desk]);
  if (!desk || answers.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Answers given">
      <h2>
        Answers given <small>version {desk.version}</small>
      </h2>
      <ul className={classes.answers}>
        {answers.map(({ answer, counts }) => {
          const finding = asked.get(answer.finding);
          const words = `${finding?.question ?? answer.finding} ${answerText(answer.value, finding?.form)}`;
          return (
            <li
              key={`${answer.finding} ${answer.at}`}
              id={counts ? `answer-${answer.finding}` : undefined}
              tabIndex={-1}
              data-old={!counts || undefined}
            >
              <span>
                {finding?.question ?? answer.finding} <b>{answerText(answer.value, finding?.form)}</b>
                <small className={`${classes.when} numbers`}>
                  {formatMoment(answer.at)}
                  {answer.user ? ` · ${answer.user}` : ''}
                  {counts ? '' : ' · a newer answer counts'}
                </small>
              </span>
              <IconAction
                name={`Take back: ${words}`}
                size={26}
                onClick={() =>
                  void changeDesk(
                    twin,
                    `Taken back: ${words}`,
                    (now) => withoutAnswer(now, answer),
                    (now) => withAnswer(now, answer),
                  )
                }
              >
                <IconX size={15} />
              </IconAction>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
