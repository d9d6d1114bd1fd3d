/** `msdt features`, `msdt risk`, `msdt suggest`: what the inference engine knows of a twin, its risk with reasons, the next step. */

import type { Command } from 'commander';
import {
  type ActionBand,
  type Answer,
  ArgumentError,
  type Assessment,
  type DescribedFeature,
  MsdtError,
  type SynchronisedFeature,
} from '../../model/index.ts';
import type { Engine, InferenceDesk } from '../../runtime/index.ts';
import type { AssessmentLine } from '../../twin/index.ts';
import { type DataOptions, findTwin, withDataOptions, withEngine } from '../engine.ts';
import { collect, printResult, printTable, splitPair } from '../terminal.ts';

interface AskOptions extends DataOptions {
  setting?: string;
  indexDate?: string;
  answer: string[];
  save?: boolean;
}

interface SuggestOptions extends AskOptions {
  accept?: string;
  override?: string;
  reason?: string;
}

/** Registers the three commands. */
export function addInferenceCommands(program: Command): void {
  ask(program.command('features'), 'the feature space at the index date: what counts, what is left out and why').action(
    (twin: string, options: AskOptions) =>
      withEngine(options, async (engine) => {
        const assessment = await assessed(engine, twin, options);
        const { indexDate, used, leftOut } = assessment;
        const described = await describedOf(engine, twin, indexDate);
        printResult({ indexDate, used, described, leftOut }, options.json === true, () => {
          printFeatures(assessment);
          printDescribed(described);
          printLeftOut(assessment);
        });
      }),
  );
  ask(program.command('risk'), 'the risk of spinal surgery within 6 and 12 months, its interval and what drives it')
    .option('--over-time', 'every assessment so far instead')
    .action((twin: string, options: AskOptions & { overTime?: boolean }) =>
      withEngine(options, async (engine) => {
        if (options.overTime) {
          const lines = await engine.store.twins.assessments((await findTwin(engine, twin)).id);
          return printResult(lines, options.json === true, () => printTrajectory(lines));
        }
        const assessment = await assessed(engine, twin, options);
        const { risk, challenger, worth } = assessment;
        printResult({ risk, challenger, worth }, options.json === true, () => printRisk(assessment));
      }),
    );
  ask(program.command('suggest'), 'the next examination or treatment with its reason; red flags first')
    .option('--accept <id>', 'note that a suggestion is followed')
    .option('--override <id>', 'note that a suggestion is not followed; needs --reason')
    .option('--reason <text>', 'why')
    .action((twin: string, options: SuggestOptions) =>
      withEngine(options, async (engine) => {
        if (options.accept || options.override) return decide(engine, twin, options);
        const assessment = await assessed(engine, twin, options);
        const { suggestions, asks } = assessment;
        printResult({ suggestions, asks }, options.json === true, () => printSuggestions(assessment));
      }),
    );
}

/** Registers `msdt site`. */
export function addSiteCommand(program: Command): void {
  withDataOptions(program.command('site'))
    .description('what this site sets for all its patients: the action band that rules read a risk against')
    .option(
      '--action-band <low-high>',
      'risks within twelve months, in percent, e.g. 5-20; counts from the next assessment on',
    )
    .action((options: DataOptions & { actionBand?: string }) =>
      withEngine(options, async ({ inference }) => {
        const settings =
          options.actionBand === undefined
            ? await inference.siteSettings()
            : await inference.setActionBand(bandOf(options.actionBand));
        printResult(settings, options.json === true, () =>
          console.log(
            `action band: ${settings.actionBand.map(percent).join(' to ')}${settings.actionBandChosen ? '' : '  (assumed: set one with --action-band)'}`,
          ),
        );
      }),
    );
}

function bandOf(text: string): ActionBand {
  const found = /^\s*([\d.]+)\s*%?\s*(?:-|–|to|,)\s*([\d.]+)\s*%?\s*$/.exec(text);
  if (!found) throw new ArgumentError('--action-band', text, 'two percentages, such as 5-20');
  return [Number(found[1]) / 100, Number(found[2]) / 100];
}

function ask(command: Command, description: string): Command {
  return withDataOptions(command)
    .description(description)
    .argument('<twin>', 'id, beginning of an id, or alias')
    .option('--setting <id>', 'where the patient stands, e.g. radicular-herniation: it decides the base rate')
    .option('--index-date <date>', 'the day it is read at (default: the newest date of the data)')
    .option('--answer <finding=value>', 'an answer, e.g. prom.odi=42; yes and no are 1 and 0; repeatable', collect, [])
    .option('--save', 'keep setting, index date and answers with the twin');
}

/** The assessment with what the options say on top of what is kept; without `--save` nothing is written. */
async function assessed(engine: Engine, text: string, options: AskOptions): Promise<Assessment> {
  const twin = await findTwin(engine, text);
  const { version, document } = await engine.inference.desk(twin.id);
  const { state } = await engine.view(twin.id);
  const now = await engine.inference.assessState(state, document);
  const changed = withOptions(document, options, now.indexDate);
  await expectQuestions(engine, options.answer);
  if (options.save) {
    await engine.inference.saveDesk(twin.id, changed, version);
    return (await engine.inference.get(twin.id)).assessment;
  }
  return engine.inference.assessState(state, changed);
}

/** What the twin measured besides the dictionary. */
async function describedOf(engine: Engine, text: string, indexDate: string): Promise<DescribedFeature[]> {
  const { state } = await engine.view((await findTwin(engine, text)).id);
  const { features, acquisitions, artifacts } = state;
  const acquisitionOf = Object.fromEntries(
    artifacts.flatMap(({ id, acquisition }) => (acquisition ? [[id, acquisition]] : [])),
  );
  return (await engine.inference.engine()).described({ features, acquisitions, acquisitionOf }, indexDate);
}

/** @throws MsdtError `parameter.invalid` an answer to what nobody asks */
async function expectQuestions(engine: Engine, answers: readonly string[]): Promise<void> {
  const { features, findings } = (await engine.inference.engine()).knowledge();
  const ids = [...new Set([...findings, ...features].map(({ id }) => id))];
  for (const text of answers) {
    const [finding] = splitPair(text);
    if (ids.includes(finding)) continue;
    const last = finding.split('.').at(-1)?.toLowerCase() ?? '';
    const like = ids.filter((id) => id.toLowerCase().includes(last)).slice(0, 5);
    throw new MsdtError('parameter.invalid', `Nothing is called "${finding}"`, {
      hint: like.length
        ? `Did you mean ${like.join(', ')}?`
        : 'msdt suggest lists what is asked, msdt features what is known.',
    });
  }
}

/** Answers are of the index date. */
function withOptions(desk: InferenceDesk, { setting, indexDate, answer }: AskOptions, at: string): InferenceDesk {
  const said = answer.map((text): Answer => {
    const [finding, value] = splitPair(text);
    const number = Number(value);
    return { finding, value: value.trim() !== '' && Number.isFinite(number) ? number : value, at: indexDate ?? at };
  });
  return {
    ...desk,
    ...(setting !== undefined && { setting }),
    ...(indexDate !== undefined && { indexDate }),
    answers: [...desk.answers, ...said],
  };
}

async function decide(engine: Engine, text: string, options: SuggestOptions): Promise<void> {
  const twin = await findTwin(engine, text);
  if (options.accept && options.override)
    throw new ArgumentError('--accept', options.accept, 'not together with --override');
  const suggestion = options.accept ?? (options.override as string);
  if (options.override && !options.reason)
    throw new MsdtError('parameter.invalid', 'Overriding a suggestion needs a reason', { hint: 'Add --reason "…".' });
  const decision = await engine.inference.decide(twin.id, {
    suggestion,
    decision: options.accept ? 'accepted' : 'overridden',
    reason: options.reason,
  });
  printResult(decision, options.json === true, () => console.log(`${suggestion} ${decision.decision}, noted.`));
}

function printFeatures({ indexDate, used, synthetic }: Assessment): void {
  console.log(`Feature space at ${indexDate.slice(0, 10)}${synthetic ? '  SYNTHETIC' : ''}`);
  if (used.length === 0) console.log('Nothing is known that the dictionary takes.');
  printTable(
    used.map((one) => ({
      feature: one.feature,
      value: shown(one),
      unit: one.record.unit,
      where: placeOf(one),
      age: one.record.undated ? `no date, counted as ${Math.round(one.ageDays)} d` : `${Math.round(one.ageDays)} d`,
      by: one.record.method ?? '',
    })),
  );
}

function placeOf({ record: { level, side, posture } }: SynchronisedFeature): string {
  return [level, side, posture === 'unknown' ? undefined : posture].filter(Boolean).join(', ');
}

/** A line a definition: recordings bring hundreds. */
function printDescribed(described: readonly DescribedFeature[]): void {
  if (described.length === 0) return;
  const definitions = new Map<string, { count: number; by: string }>();
  for (const { record } of described) {
    const before = definitions.get(record.feature);
    definitions.set(record.feature, { count: (before?.count ?? 0) + 1, by: record.method?.split(':')[0] ?? '' });
  }
  console.log('\nMeasured besides, without a weight (every value: --json):');
  printTable([...definitions].map(([feature, { count, by }]) => ({ feature, values: String(count), by })));
}

function printLeftOut({ leftOut }: Assessment): void {
  if (leftOut.length) console.log('\nLeft out:');
  const reasons = new Map<string, { detail: string; count: number }>();
  for (const { record, reason, detail } of leftOut) {
    const key = `${record.feature} ${reason}`;
    reasons.set(key, { detail, count: (reasons.get(key)?.count ?? 0) + 1 });
  }
  for (const { detail, count } of reasons.values())
    console.log(`  ${detail}${count > 1 ? ` (${count - 1} more like it)` : ''}`);
}

function shown({ value, sd }: SynchronisedFeature): string {
  if (typeof value === 'string') return value;
  return sd > 0 ? `${Number(value.toPrecision(4))} ± ${sd.toPrecision(2)}` : String(value);
}

function said(value: number | string | undefined, unit: string, yesNo?: true): string {
  if (yesNo) return value === 1 ? 'yes' : 'no';
  const text = typeof value === 'number' ? Number(value.toPrecision(4)) : value;
  return unit === '1' ? `${text}` : `${text} ${unit}`;
}

const percent = (p: number): string => `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`;

function printRisk({ risk, settingChosen, worth, challenger, synthetic, actionBand }: Assessment): void {
  const { setting, caution, state, model, indexDate } = risk;
  console.log(`Risk that spinal surgery happens, read at ${indexDate.slice(0, 10)}${synthetic ? '  SYNTHETIC' : ''}`);
  console.log(
    `setting: ${setting.name}, base rate ${percent(setting.baseRate)}${settingChosen ? '' : '  (assumed: choose one with --setting)'}`,
  );
  console.log(`model:   ${model.id} version ${model.version}, ${state}. ${caution}\n`);
  printTable(
    risk.horizons.map(({ horizon, probability, low, high }) => ({
      months: horizon,
      '90 % interval': `${percent(low)} to ${percent(high)}`,
      middle: percent(probability),
    })),
  );
  if (actionBand) console.log(`\naction band of the site: ${actionBand.map(percent).join(' to ')}`);
  console.log('\nWhat drives it (log-odds; intercept and contributions add up):');
  const spoken = risk.contributions.filter(({ observed, held }) => observed && !held);
  printTable([
    { contribution: risk.intercept.toFixed(2), '±': risk.interceptSd.toFixed(2), of: 'setting', value: '' },
    ...spoken.map(({ name, mean, sd, value, unit, yesNo }) => ({
      contribution: mean.toFixed(2),
      '±': sd.toFixed(2),
      of: name,
      value: said(value, unit, yesNo),
    })),
  ]);
  const held = risk.contributions.filter(({ observed, held }) => observed && held).map(({ name }) => name);
  if (held.length) console.log(`Measured, weight held at zero for want of evidence: ${held.join(', ')}.`);
  const missing = risk.contributions.filter(({ observed, held }) => !observed && !held).length;
  if (missing) console.log(`${missing} features were not measured; they widen the interval.`);
  for (const { modality, sdNow, sdAfter } of worth.slice(0, 3))
    console.log(`  ${modality} would narrow it: sd of the log-odds ${sdNow.toFixed(2)} to ${sdAfter.toFixed(2)}`);
  if (challenger)
    console.log(`\nchallenger ${challenger.model.id}: ${percent(challenger.probability)}. ${challenger.note}`);
}

function printTrajectory(lines: readonly AssessmentLine[]): void {
  printTable(
    lines.map(({ number, at, indexDate, reason, setting, state, horizons: [year] }) => ({
      '#': number,
      at: at.slice(0, 16).replace('T', ' '),
      'read at': indexDate.slice(0, 10),
      '0-12 months': `${percent(year.low)} to ${percent(year.high)}`,
      setting,
      model: state,
      because: reason,
    })),
  );
}

function printSuggestions({ suggestions, asks, synthetic }: Assessment): void {
  console.log(`Suggestions for a clinician to weigh, never an order.${synthetic ? '  SYNTHETIC' : ''}`);
  for (const { id, title, strength, urgency, detail, because, source, order } of suggestions) {
    const mark = urgency === 'routine' ? '' : `${urgency.toUpperCase()}  `;
    console.log(`\n${mark}${id} [${strength}] ${title}`);
    console.log(`  ${detail}`);
    for (const { text } of because) console.log(`  because  ${text}`);
    if (order) console.log(`  order    ${order.display ?? ''} (${order.system} ${order.code})`);
    console.log(`  source   ${source}`);
  }
  if (suggestions.length === 0) console.log('\nNone.');
  if (asks.length) console.log('\nTo know more, answer (--answer finding=value):');
  for (const { finding, question, redFlag } of asks) console.log(`  ${redFlag ? '! ' : '  '}${finding}: ${question}`);
}
