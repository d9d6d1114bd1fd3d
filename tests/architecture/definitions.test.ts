import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { definitionsPage } from '../../scripts/definitions.ts';
import { ROOT } from '../support/source-tree.ts';

it('docs/definitions.md is what the feature dictionary says (node scripts/definitions.ts writes it)', async () => {
  expect(readFileSync(join(ROOT, 'docs/definitions.md'), 'utf8')).toBe(await definitionsPage());
});
