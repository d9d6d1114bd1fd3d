/** Writes docs/suggestions.md from the rule table: `node scripts/suggestions.ts`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Condition, describeCondition, FINDINGS, OPTIONAL, RULES, type Rule } from '../src/inference/index.ts';
import { unitText } from '../src/model/index.ts';

const HEADER = `# Suggestions

What the Inference Engine suggests, when, and on whose word. Made from the rule table by \`node scripts/suggestions.ts\`; a test checks
that it is up to date. A suggestion never acts by itself: a person accepts it, or overrides it and says why.

* **Strength** A: a guideline says must or offer · B: consider · C: consensus or our own design · X: do not · –: a reminder.
* **Urgency** emergency and urgent rules (R01 to R07) are evaluated first, from records and date alone: no model takes part, and
  nothing suppresses them.
* A rule speaks only when all it needs is known. What is missing and could still decide becomes a question. **†** marks what counts as
  "no" when nobody knows it, and is never asked for its own sake.
* A "do not" holds nothing back. It is shown, and first among the routine suggestions when an open order contradicts it.
* Words in *italics* are situations that several rules share; they are spelled out below. 1.38 and 2.76 months are six and twelve weeks.
* "Our assumption" in a source marks what was taken from memory or chosen by us, and waits for a second look by a clinician.
`;

/** The page as text. */
export function suggestionsPage(): string {
  return [HEADER, table(), situations(), vocabulary()].join('\n');
}

function table(): string {
  const rows = RULES.map((rule) =>
    row([
      rule.id,
      describeCondition(rule.condition),
      `**${rule.title}${rule.title.endsWith('?') ? '' : '.'}** ${[rule.detail, ...(rule.more ?? []).map(addition)].join(' ')}`,
      rule.strength === '-' ? '–' : rule.strength,
      rule.urgency,
      orderOf(rule),
      rule.source,
    ]),
  );
  return [
    '## Rules',
    '',
    '| id | when | what | strength | urgency | order | source |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function situations(): string {
  const found = new Map<string, Condition>();
  const walk = (condition: Condition): void => {
    if ('named' in condition) {
      if (!condition.named.endsWith(OPTIONAL)) found.set(condition.named, condition.is);
      walk(condition.is);
    } else if ('not' in condition) walk(condition.not);
    else if ('every' in condition) condition.every.forEach(walk);
    else if ('some' in condition) condition.some.forEach(walk);
  };
  for (const { condition } of RULES) walk(condition);
  const rows = [...found].map(([name, condition]) => row([`*${name}*`, describeCondition(condition)]));
  return ['## Situations', '', '| situation | holds when |', '| --- | --- |', ...rows, ''].join('\n');
}

function vocabulary(): string {
  const rows = FINDINGS.map(({ id, name, question, form, windowDays, redFlag, codes, meaning }) =>
    row([
      `\`${id}\`${redFlag ? ' ⚑' : ''}`,
      `${name}. ${question}`,
      form.kind === 'number' ? `${form.min} to ${form.max} ${unitText(form.unit)}`.trim() : 'yes or no',
      windowDays === undefined ? 'always' : `${windowDays} days`,
      meaning,
      codes.map(({ system, code, doubtful }) => `${system} ${code}${doubtful ? '?' : ''}`).join(', ') || '–',
    ]),
  );
  return [
    '## What is asked',
    '',
    '⚑ an emergency or urgent rule hangs on it. A code with a question mark has one weak source. ICD-10 and ATC codes stand for all that',
    'begin with them. Features of the dictionary (scores, imaging, EMG, motion, laboratory) come from the twin.',
    '',
    '| id | question | answer | counts for | means | codes |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function addition({ when, text }: NonNullable<Rule['more']>[number]): string {
  return `(If ${describeCondition(when)}: ${text})`;
}

function orderOf({ order }: Rule): string {
  return order ? `${order.system.includes('loinc') ? 'LOINC' : 'SNOMED'} ${order.code}` : '–';
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(fileURLToPath(new URL('..', import.meta.url)), 'docs/suggestions.md'), suggestionsPage());
}
