import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoinc, isSnomed } from '../../src/model/index.ts';
import { listFiles, ROOT } from '../support/source-tree.ts';

interface Found {
  place: string;
  code: string;
}

/** Codes that stand on a line, or within two lines after one, that names their system. */
function codesOf(system: RegExp, pattern: RegExp): Found[] {
  const found: Found[] = [];
  for (const path of listFiles('src', ['.ts', '.tsx', '.csv'])) {
    if (/\/codes(\.test)?\.ts$/.test(path) || path.startsWith('src/kernel/')) continue;
    const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
    lines.forEach((line, at) => {
      if (!system.test(line)) return;
      // the number of an article looks like a code
      const near = (path.endsWith('.csv') ? line : lines.slice(at, at + 3).join('\n')).replaceAll(
        'AJM 2017 30715-5',
        '',
      );
      for (const match of near.matchAll(pattern)) found.push({ place: `${path}:${at + 1}`, code: match[1] });
    });
  }
  return found;
}

const loinc = codesOf(/loinc/i, /(?<![\d.,/-])(\d{3,6}-\d)(?![\d-]| *(?:mm|y|w|m)\b)/g).filter(
  ({ code }) => !/^(19|20)\d\d-\d$/.test(code),
);
const snomed = codesOf(/snomed/i, /(?<![\d.,-])(\d{8,18}|[1-9]\d{5,6}00\d)(?![\d.-])/g);

describe('codes', () => {
  it('are there to check', () => {
    expect(loinc.length).toBeGreaterThan(10);
    expect(snomed.length).toBeGreaterThan(5);
  });

  it('of LOINC carry a right check digit, wherever they stand in the code base', () => {
    expect(loinc.filter(({ code }) => !isLoinc(code))).toEqual([]);
  });

  it('of SNOMED CT carry a right check digit, wherever they stand in the code base', () => {
    expect(snomed.filter(({ code }) => !isSnomed(code))).toEqual([]);
  });
});
