/** Writes src/inference/knowledge/table.ts from knowledge.csv beside it: `node scripts/knowledge.ts`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CSV = fileURLToPath(new URL('../src/inference/knowledge/knowledge.csv', import.meta.url));
const TABLE = fileURLToPath(new URL('../src/inference/knowledge/table.ts', import.meta.url));

/** The columns of knowledge.csv in their order, as names of fields. */
const FIELDS = [
  'feature',
  'unit',
  'reference',
  'direction',
  'ratio',
  'interval',
  'source',
  'about',
  'seen',
  'per',
  'mean',
  'sd',
  'modality',
  'code',
] as const;

const NUMBERS = new Set<string>(['mean', 'sd']);

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, quoted] = [[] as string[], '', false];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted && sign === '"' && text[at + 1] === '"') cell += text[at++];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ',') {
      row.push(cell);
      cell = '';
    } else if (!quoted && sign === '\n') {
      rows.push([...row, cell.replace(/\r$/, '')]);
      [row, cell] = [[], ''];
    } else cell += sign;
  }
  return rows;
}

/** The table as TypeScript text, unformatted. */
export function knowledgeModule(): string {
  const [, ...rows] = cellsOf(readFileSync(CSV, 'utf8'));
  const lines = rows.map((cells) => {
    const fields = FIELDS.flatMap((field, at) => {
      if (cells[at] === '') return [];
      return [`${field}: ${NUMBERS.has(field) ? Number(cells[at]) : JSON.stringify(cells[at])}`];
    });
    return `  { ${fields.join(', ')} },`;
  });
  return `// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: figures stand as the table prints them
/** Published evidence, one row a finding: made from knowledge.csv by \`node scripts/knowledge.ts\`; a test holds both alike. */

/** One row of the evidence table; texts as the source gives them. */
export interface KnowledgeRow {
  feature: string;
  unit?: string;
  reference?: string;
  /** which way risk goes */
  direction?: string;
  /** published odds, hazard or risk ratio */
  ratio?: string;
  interval?: string;
  source?: string;
  /** what the ratio is about */
  about?: string;
  /** whether the figures were seen in the source or are from memory */
  seen?: string;
  /** step that the working prior belongs to */
  per?: string;
  /** working prior of the weight · log-odds a step */
  mean?: number;
  sd?: number;
  modality?: string;
  code?: string;
}

/** Version of the dictionary; it changes with any row. */
export const KNOWLEDGE_VERSION = 1;

export const KNOWLEDGE: readonly KnowledgeRow[] = [
${lines.join('\n')}
];
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TABLE, knowledgeModule());
