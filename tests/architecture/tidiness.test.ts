import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, ROOT, roomOf, sourceModules } from '../support/source-tree.ts';

const modules = sourceModules();

describe('tidiness', () => {
  it('has no `any`', () => {
    const wrong = modules.flatMap((module) =>
      linesMatching(module.path, module.text, /(?::|\bas|<|,|\|)\s*any\b(?![\w-])/),
    );
    expect(wrong).toEqual([]);
  });

  it('writes to the console in cli alone', () => {
    const wrong = modules
      .filter((module) => roomOf(module.path) !== 'cli')
      .flatMap((module) => linesMatching(module.path, module.text, /\bconsole\./));
    expect(wrong).toEqual([]);
  });

  it('keeps files within what one can hold in mind', () => {
    const long = modules
      .filter((module) => module.text.split('\n').length > 600 && !/-wasm\.ts$|tables?\.ts$/.test(module.path))
      .map((module) => module.path);
    expect(long).toEqual([]);
  });

  it('has no drawer folders', () => {
    const drawers = modules
      .filter((module) => /\/(utils?|helpers?|common|misc)(\/|\.tsx?$)/.test(module.path))
      .map((module) => module.path);
    expect(drawers).toEqual([]);
  });

  it('exports by name', () => {
    const defaults = modules
      .filter((module) => /^export default/m.test(module.text) && !/config\.ts$/.test(module.path))
      .map((module) => module.path);
    expect(defaults).toEqual([]);
  });

  it('has notes for every capability', () => {
    const missing: string[] = [];
    for (const room of ['hme', 'inference']) {
      const folder = join(ROOT, 'src', room);
      if (!existsSync(folder)) continue;
      for (const name of readdirSync(folder)) {
        if (statSync(join(folder, name)).isDirectory() && !existsSync(join(folder, name, 'NOTES.md')))
          missing.push(`src/${room}/${name}/NOTES.md`);
      }
    }
    expect(missing).toEqual([]);
  });
});

describe('documents', () => {
  const documents = [...listFiles('docs', ['.md']), ...listFiles('src', ['.md']), 'README.md'];

  it('have living links', () => {
    const dead: string[] = [];
    for (const path of documents) {
      const text = readFileSync(join(ROOT, path), 'utf8').replace(/```[\s\S]*?```/g, '');
      for (const match of text.matchAll(/!?\[[^\]]*\]\(([^)\s]+)\)/g)) {
        const link = match[1].replace(/#.*$/, '');
        if (!link || /^[a-z]+:/.test(link)) continue;
        if (!existsSync(resolve(ROOT, dirname(path), link))) dead.push(`${path}: ${match[1]}`);
      }
    }
    expect(dead).toEqual([]);
  });
});

function linesMatching(path: string, text: string, pattern: RegExp): string[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, at: index + 1 }))
    .filter(({ line }) => !/^\s*(\*|\/\/|\/\*)/.test(line) && pattern.test(line.replace(/(['"`]).*?\1/g, "''")))
    .map(({ at }) => `${path}:${at}`);
}
