/** Every LOINC and SNOMED CT code that is written anywhere in the repository carries the check digit it should. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoinc, isSnomed } from '../../src/model/index.ts';
import { listFiles, ROOT } from '../support/source-tree.ts';

interface Found {
  place: string;
  code: string;
}

const FOLDERS = ['src', 'fixtures', 'docs', 'examples', 'scripts', 'bench', 'tests', 'weights'];
const ENDINGS = ['.ts', '.tsx', '.csv', '.json', '.md', '.py', '.ndjson'];

/** A number with a check digit behind a dash, standing alone. */
const LOINC = /(?<=['"`|,:\s(/]|^)(\d{3,6}-\d)(?=['"`|,\s);./]|$)/gm;
/** A whole number of at least six digits, standing alone. */
const SNOMED = /(?<=['"`|,:\s(]|^)([1-9]\d{5,17})(?=['"`|,\s);]|$)/gm;

/** What looks like a code and says itself what it is. */
const OTHER_LOINC = /\b(ISO|FIPS|AJM 2017) $|\bd="[^"]*$|"kid": "$/;
const OTHER_SNOMED = /(PubMed|docplayer|studylib|x-mol|rxnorm|RXNORM,) ?'?$|SYSTEM\.rxnorm, code: '$|--patient $/;

/** Wrong on purpose, in tests that codes are checked. */
const WRONG_ON_PURPOSE: ReadonlyMap<string, readonly string[]> = new Map([
  ['src/formats/fhir/fhir.test.ts', ['1988-6', '34552-0']],
  ['src/formats/record-csv/record-csv.test.ts', ['4548-5']],
  [
    'src/model/codes.test.ts',
    ['36079-5', '447764006', '112737006', '11585007', '42515009', '427371002', '1988-6', '285285001'],
  ],
  ['src/model/codes.ts', ['1988-6', '285285001']],
  ['src/web/views/record/record-facts.test.ts', ['123456']],
  ['docs/fhir.md', ['1288992']],
  ['tests/system/cds-hooks.test.ts', ['1288992']],
]);

function codesOf(path: string, text: string): { loinc: Found[]; snomed: Found[] } {
  const found = (pattern: RegExp, other: RegExp): Found[] =>
    [...text.matchAll(pattern)]
      .filter(({ index }) => !other.test(text.slice(Math.max(0, index - 120), index)))
      .map((match) => ({ place: `${path}:${text.slice(0, match.index).split('\n').length}`, code: match[1] }));
  const speaks = /snomed|\bsct\b/i.test(text);
  return { loinc: found(LOINC, OTHER_LOINC), snomed: speaks ? found(SNOMED, OTHER_SNOMED) : [] };
}

const OWN = 'tests/architecture/codes.test.ts';
const paths = FOLDERS.flatMap((folder) => listFiles(folder, ENDINGS)).filter((path) => path !== OWN);
const all = paths.map((path) => ({
  path,
  ...codesOf(path, readFileSync(join(ROOT, path), 'utf8')),
}));

const wrong = (which: 'loinc' | 'snomed', isRight: (code: string) => boolean): Found[] =>
  all.flatMap((file) =>
    file[which].filter(({ code }) => !isRight(code) && !WRONG_ON_PURPOSE.get(file.path)?.includes(code)),
  );

describe('codes', () => {
  it('are there to check, also in tables, fixtures and documents', () => {
    const count = (which: 'loinc' | 'snomed', folder: string) =>
      all.filter(({ path }) => path.startsWith(folder)).reduce((sum, file) => sum + file[which].length, 0);
    expect(count('loinc', 'src/inference/record/')).toBeGreaterThan(60);
    expect(count('snomed', 'src/inference/record/')).toBeGreaterThan(60);
    expect(count('loinc', 'src/inference/knowledge/')).toBeGreaterThan(10);
    expect(count('loinc', 'fixtures/') + count('snomed', 'fixtures/')).toBeGreaterThan(5);
    expect(count('loinc', 'docs/') + count('snomed', 'docs/')).toBeGreaterThan(2);
  });

  it('of LOINC carry a right check digit, wherever they stand', () => expect(wrong('loinc', isLoinc)).toEqual([]));

  it('of SNOMED CT carry a right check digit, wherever they stand', () =>
    expect(wrong('snomed', isSnomed)).toEqual([]));

  it.each([
    ["const set = { loinc: ['4548-5'] };", '4548-5'],
    ['LOINC 4548-5, glycated haemoglobin', '4548-5'],
    ['disc,LOINC,4548-5,x', '4548-5'],
    ["const pain = { snomed: ['279039008'] };", '279039008'],
    ['| low back pain | SNOMED | 279039008 |', '279039008'],
    ['http://snomed.info/sct|279039008', '279039008'],
  ])('would be found wrong in: %s', (text, code) => {
    const { loinc, snomed } = codesOf('x.ts', text);
    const bad = [...loinc.filter((one) => !isLoinc(one.code)), ...snomed.filter((one) => !isSnomed(one.code))];
    expect(bad.map((one) => one.code)).toContain(code);
  });
});
