/**
 * Trains the challenger anew and writes weights/surgery-gcn and the table it is loaded from: `node scripts/train-challenger.ts`.
 *
 * Half a minute; the same numbers each time. With `--check` nothing is written and the exit code says whether anything would change.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SURGERY_GCN_RECIPE, trainSurgeryGcn } from '../src/inference/graph-network/recipe.ts';
import { CONSTRUCTS, KNOWLEDGE_VERSION } from '../src/inference/index.ts';

const FOLDER = fileURLToPath(new URL('../weights/surgery-gcn/', import.meta.url));
const TABLE = fileURLToPath(new URL('../src/inference/graph-network/weights.ts', import.meta.url));
const VERSION = 1;

const { gains, metrics } = trainSurgeryGcn();
const weights = { id: 'surgery-gcn', version: VERSION, gains };
const weightsText = `${JSON.stringify(weights, null, 2)}\n`;
const manifest = {
  id: weights.id,
  version: VERSION,
  file: 'weights.json',
  sha256: createHash('sha256').update(weightsText).digest('hex'),
  format: 'JSON: one intercept, one signed gain a construct, activation and limit',
  parameters: CONSTRUCTS.length + 2,
  input: { name: 'messages of the constructs', shape: [CONSTRUCTS.length], unit: 'log-odds', order: CONSTRUCTS },
  output: { name: 'log-odds of surgery within twelve months', shape: [1], offset: 'intercept of the setting' },
  knowledge: KNOWLEDGE_VERSION,
  trainedOn: 'SYNTHETIC: src/inference/cohort with a saturating truth; no real patient',
  recipe: SURGERY_GCN_RECIPE,
  command: 'node scripts/train-challenger.ts',
  metrics: { on: 'SYNTHETIC patients of another seed', ...rounded(metrics) },
};

function rounded(value: unknown): object {
  return JSON.parse(JSON.stringify(value), (_, item) => (typeof item === 'number' ? Number(item.toFixed(5)) : item));
}

/** Lists that fit on a line of 120 on one, as the formatter has it. */
function shortLists(text: string): string {
  return text.replace(/^( *(?:"[^"]*": )?)\[\s+([^[\]{}]*?)\s+\](,?)$/gm, (whole, before, body, after) => {
    const line = `${before}[${body.replace(/,\s+/g, ', ')}]${after}`;
    return line.length <= 120 ? line : whole;
  });
}

function figureRows(): string {
  const show = (value: number) => value.toFixed(4);
  return (['trusted', 'challenger', 'truth'] as const)
    .map((name) => {
      const { auc, brier, logLoss, ece, slope } = metrics[name];
      return `| ${name} | ${show(auc)} | ${show(brier)} | ${show(logLoss)} | ${show(ece)} | ${slope.toFixed(2)} |`;
    })
    .join('\n');
}

function gainRows(): string {
  const { truth } = SURGERY_GCN_RECIPE;
  return CONSTRUCTS.map((name) => `| ${name} | ${truth.gain[name] ?? 1} | ${gains.gain[name].toFixed(2)} |`).join('\n');
}

const { difference, low, high } = metrics.brierDifference;
const card = `# surgery-gcn, version ${VERSION}

A graph network over one patient: features → 12 constructs → surgery within twelve months. It gives an **opinion** beside the trusted risk.

**Trained on SYNTHETIC patients alone. No real patient, no real outcome. Its figures say nothing about patients.** Research use only.

| | |
| --- | --- |
| Input | the contributions of the trusted model, summed by construct · log-odds |
| Form | intercept of the setting + ${gains.intercept.toFixed(3)} + Σ gain · limit · tanh(message / limit), limit ${gains.limit}; 14 numbers |
| Why it may differ | ten signs of one thing are not ten things: what a construct says saturates |
| Not for | taking the place of the trusted risk; that needs 200 prospective outcomes of the site (\`promotion.ts\`) |
| Training data | ${SURGERY_GCN_RECIPE.patients} patients of \`generateCohort\`, seed ${SURGERY_GCN_RECIPE.seed}, setting ${SURGERY_GCN_RECIPE.setting}, gaps by design of care |
| Known truth | weights at the prior means; each construct saturates at ${SURGERY_GCN_RECIPE.truth.limit} log-odds and counts as the table says |
| Training | posterior mode of the gains (prior 1 ± ${SURGERY_GCN_RECIPE.priorSd}); limit of the least log loss on a third held out |
| Made by | \`node scripts/train-challenger.ts\`: the same bytes on every run |

On ${metrics.patients} SYNTHETIC patients of another seed, ${metrics.events} of them operated:

| | AUC | Brier | log loss | ECE | slope |
| --- | --: | --: | --: | --: | --: |
${figureRows()}

Brier score of the challenger less that of the trusted model: ${difference.toFixed(5)} (95 % ${low.toFixed(5)} to ${high.toFixed(5)}). It ranks
patients no better and is better calibrated, because the truth was made to bend as it does. The limit it finds is lower than the truth's:
messages of what was not measured are expectations, and smaller than what they stand for. Gains of constructs that say little, such as
muscle and movement, stay near the prior of 1 whatever the truth.

| construct | truth's gain | learnt |
| --- | --: | --: |
${gainRows()}
`;

const table =
  `/** Weights of the challenger; written by \`node scripts/train-challenger.ts\`, the same as weights/surgery-gcn/weights.json. */

import type { NetworkGains } from './network.ts';

export const SURGERY_GCN: { id: string; version: number; gains: NetworkGains } = ${JSON.stringify(weights, null, 2)};
`
    // as the formatter has it
    .replace(/"(\w+)":/g, '$1:')
    .replace(/"([\w-]+)":/g, "'$1':")
    .replace(/"([^"]*)"/g, "'$1'")
    .replace(/^( *(?:[\w]+|'[\w-]+'): [^{\n]*[^,{\n])$/gm, '$1,')
    .replace(/^( +\})$/gm, '$1,');

const files: [string, string][] = [
  [`${FOLDER}weights.json`, weightsText],
  [`${FOLDER}manifest.json`, `${shortLists(JSON.stringify(manifest, null, 2))}\n`],
  [`${FOLDER}MODEL_CARD.md`, card],
  [TABLE, table],
];
if (process.argv.includes('--check')) {
  const changed = files.filter(([path, text]) => readFileSync(path, 'utf8') !== text).map(([path]) => path);
  console.log(changed.length ? `would change: ${changed.join(', ')}` : 'nothing would change');
  process.exitCode = changed.length ? 1 : 0;
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const [path, text] of files) writeFileSync(path, text);
  console.log(card);
}
