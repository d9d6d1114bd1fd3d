/** The page of accuracy figures: every runner that writes figures has its place on it, and every command on it exists. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/accuracy.md', 'utf8');
const runners = readdirSync('bench/accuracy').filter(
  (name) => name.endsWith('.ts') && readFileSync(`bench/accuracy/${name}`, 'utf8').includes("'--write'"),
);

it('every runner of figures is named on the page, within a section of its own', () => {
  expect(runners.length).toBeGreaterThan(6);
  for (const name of runners) expect(page, name).toContain(`node bench/accuracy/${name} --write`);
  const starts = [...page.matchAll(/<!-- ([\w-]+):start -->/g)].map(([, section]) => section);
  const ends = [...page.matchAll(/<!-- ([\w-]+):end -->/g)].map(([, section]) => section);
  expect(ends).toEqual(starts);
});

it('every file that a command on the page names exists', () => {
  const named = [...page.matchAll(/\b(?:bench|tests|src)\/[\w./-]+\.tsx?\b/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});
