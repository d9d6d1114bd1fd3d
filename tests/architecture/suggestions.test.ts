import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { suggestionsPage } from '../../scripts/suggestions.ts';
import { ROOT } from '../support/source-tree.ts';

it('docs/suggestions.md is what the rule table says (node scripts/suggestions.ts writes it)', () => {
  expect(readFileSync(join(ROOT, 'docs/suggestions.md'), 'utf8')).toBe(suggestionsPage());
});
