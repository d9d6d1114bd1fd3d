/** One fact of a record: when, what, how much; codes, parts and place in the file behind it. */

import { type ClinicalFact, conceptText } from '../../../model/index.ts';
import { DASH } from '../../kit/number/format.ts';
import classes from './record.module.css';
import { clinicalValue, codingText, factTime } from './record-facts.ts';

export function FactRow({ fact, chosen }: { fact: ClinicalFact; chosen: boolean }) {
  const { text, unit, gap } = clinicalValue(fact.value);
  const shown = text || partsText(fact);
  return (
    <li className={classes.fact} data-chosen={chosen || undefined} aria-current={chosen ? 'true' : undefined}>
      <details open={chosen || undefined}>
        <summary>
          <time className="numbers">{factTime(fact).slice(0, 10) || DASH}</time>
          <span>
            {conceptText(fact.concept) || 'without a name'}
            {fact.bodySite?.length ? <small> {fact.bodySite.map(conceptText).join(', ')}</small> : null}
          </span>
          <b className="numbers" title={gap}>
            {shown}
            {unit ? <small> {unit}</small> : null}
          </b>
        </summary>
        <FactDetails fact={fact} />
      </details>
    </li>
  );
}

/** A fact without a value of its own may be made of parts: 120 / 80. */
function partsText({ parts }: ClinicalFact): string {
  const values = (parts ?? []).map(({ value }) => clinicalValue(value).text).filter(Boolean);
  return values.length <= 2 ? values.join(' / ') : `${values.length} values`;
}

function FactDetails({ fact }: { fact: ClinicalFact }) {
  const concepts = (list: ClinicalFact['bodySite']): string | undefined =>
    list?.map(conceptText).join(', ') || undefined;
  const exact = clinicalValue(fact.value, 15);
  const rounded = exact.text !== clinicalValue(fact.value).text;
  const rows: [string, string | undefined][] = [
    ['As stated', rounded ? `${exact.text} ${exact.unit}` : undefined],
    ['Codes', fact.concept.codings.map(codingText).join(', ') || undefined],
    ['Status', [fact.status, fact.verification, fact.intent].filter(Boolean).join(', ') || undefined],
    ['From, to', fact.to ? `${fact.from ?? DASH} to ${fact.to}` : fact.from],
    ['Written down', fact.recorded],
    ['Body site', concepts(fact.bodySite)],
    ['Method', fact.method && conceptText(fact.method)],
    ['Meaning', concepts(fact.interpretation)],
    ['Conclusion', concepts(fact.findings)],
    ['Reason', concepts(fact.reason)],
    ['No value', fact.value?.absent],
    ['In the file', fact.place],
    ['Scale', fact.scale],
  ];
  return (
    <dl>
      {rows.map(([term, text]) =>
        text ? (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ) : null,
      )}
      {(fact.parts ?? []).map(({ concept, value }, i) => {
        const part = clinicalValue(value);
        const name = conceptText(concept);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts stand in their order
          <div key={`${name} ${i}`}>
            <dt>{name}</dt>
            <dd>{[part.text, part.unit].filter(Boolean).join(' ') || DASH}</dd>
          </div>
        );
      })}
    </dl>
  );
}
