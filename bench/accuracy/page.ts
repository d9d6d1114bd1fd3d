/** The page of accuracy figures and its sections between markers. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../../docs/accuracy.md', import.meta.url));

/**
 * Puts text between the markers of a section of docs/accuracy.md.
 *
 * @param section - name in `<!-- name:start -->` and `<!-- name:end -->`
 * @throws Error where a marker is missing: figures that go nowhere must not look written
 */
export function writeSection(section: string, text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [start, end] = [`<!-- ${section}:start -->`, `<!-- ${section}:end -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no section between ${start} and ${end}`);
  writeFileSync(PAGE, `${page.slice(0, from)}${start}\n${text}\n${page.slice(to)}`);
}
