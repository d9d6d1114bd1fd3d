/** Writes docs/definitions.md from the feature dictionaries of all capabilities: `node scripts/definitions.ts`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue } from '../src/catalogue.ts';
import { type AnyCapability, type FeatureDefinition, unitText } from '../src/model/index.ts';
import { loadAll } from '../src/runtime/index.ts';

const HEADER = `# Definitions of every number

Made from the feature dictionary by \`node scripts/definitions.ts\`; a test checks that it is up to date. The screens show the same
text when a number is pointed at. An id grows by level and side: \`disc.heightMiddle.L4-L5\`. **Postural** numbers carry the posture
they were measured in and are never compared across postures unmarked: a supine CT is not a standing film.
`;

/** The page as text. */
export async function definitionsPage(): Promise<string> {
  const capabilities = await loadAll(catalogue.capabilities);
  const sections = capabilities.filter((capability) => capability.features.length > 0).map(sectionOf);
  return `${[HEADER, ...sections].join('\n')}`;
}

function sectionOf(capability: AnyCapability): string {
  const rows = capability.features.map(rowOf);
  return [
    `## ${capability.title}`,
    '',
    capability.summary,
    '',
    '| id | name | unit | definition | source | reference |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function rowOf(definition: FeatureDefinition): string {
  const reference = (definition.reference ?? [])
    .map(
      (range) =>
        `${range.low} to ${range.high}${range.posture ? ` ${range.posture}` : ''}${range.level ? ` at ${range.level}` : ''} (${range.source})`,
    )
    .join('; ');
  const text = `${definition.definition}${definition.postural ? ' **Postural.**' : ''}`;
  return `| ${[`\`${definition.id}\``, definition.name, unitText(definition.unit) || '1', text, definition.source, reference || '–'].map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(fileURLToPath(new URL('..', import.meta.url)), 'docs/definitions.md'), await definitionsPage());
}
