import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as kernel from '../../src/kernel/index.ts';
import * as model from '../../src/model/index.ts';
import { ROOT, roomOf, sourceModules } from '../support/source-tree.ts';

/** Rooms whose every export is documented and whose examples are executed. */
const DOCUMENTED = new Set(['kernel', 'model', 'formats', 'subject', 'hme', 'interop']);

const modules = sourceModules().filter((module) => DOCUMENTED.has(roomOf(module.path)) && module.path.endsWith('.ts'));

describe('docstrings', () => {
  it('stand before every exported function, class and interface', () => {
    const missing: string[] = [];
    for (const { path, text } of modules) {
      if (path.endsWith('-wasm.ts')) continue;
      for (const match of text.matchAll(/^export (?:async )?(?:function\*?|class|interface|abstract class) (\w+)/gm)) {
        const before = text.slice(0, match.index).trimEnd();
        if (!before.endsWith('*/') && !(before.endsWith(';') && before.includes(`function ${match[1]}`)))
          missing.push(`${path}: ${match[1]}`);
      }
    }
    expect(missing).toEqual([]);
  });

  const examples = modules.flatMap(({ path, text }) =>
    [...text.matchAll(/@example (.+?) \/\/ (.+)$/gm)].map((match) => ({
      path,
      code: match[1],
      expected: match[2].trim(),
    })),
  );

  it('hold examples', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('$path: $code', async ({ path, code, expected }) => {
    const own = (await import(pathToFileURL(join(ROOT, path)).href)) as Record<string, unknown>;
    const module: Record<string, unknown> = { ...kernel, ...model, ...own };
    const names = Object.keys(module);
    const evaluate = (expression: string): unknown =>
      new Function(...names, `return (${expression});`)(...names.map((name) => module[name]));
    const got = await evaluate(code);
    const want = evaluate(expected);
    expect(readable(got)).toEqual(readable(want));
  });
});

/** Numbers as an example shows them: rounding noise gone, no negative zero. */
function readable(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toFixed(9)) + 0 : value;
  if (Array.isArray(value)) return value.map(readable);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, readable(entry)]));
}
