/** The source tree as data: files, their imports and what they export. Read as text; nothing is run. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface SourceImport {
  specifier: string;
  /** path relative to the root, for relative imports */
  target?: string;
  typeOnly: boolean;
  lazy: boolean;
}

export interface SourceModule {
  path: string;
  text: string;
  imports: SourceImport[];
}

/** Paths relative to the root of all files below `folder` with one of the endings. */
export function listFiles(folder: string, endings: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (at: string): void => {
    for (const name of readdirSync(at)) {
      if (name === 'node_modules' || name === 'dist') continue;
      const path = join(at, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (endings.some((ending) => name.endsWith(ending))) found.push(relative(ROOT, path));
    }
  };
  walk(join(ROOT, folder));
  return found.sort();
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const LAZY = /\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?['"]([^'"]+)['"]\s*\)/g;

/** Product modules: `.ts` and `.tsx` below src, without tests and the AssemblyScript sources. */
export function sourceModules(): SourceModule[] {
  return listFiles('src', ['.ts', '.tsx'])
    .filter((path) => !/\.test\.tsx?$/.test(path) && !path.startsWith('src/kernel/asm/') && !path.endsWith('.d.ts'))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
      const imports: SourceImport[] = [];
      const add = (specifier: string, typeOnly: boolean, lazy: boolean): void => {
        const target = specifier.startsWith('.')
          ? relative(ROOT, resolve(ROOT, dirname(path), specifier.replace(/\?.*$/, '')))
          : undefined;
        imports.push({ specifier, target, typeOnly, lazy });
      };
      for (const match of code.matchAll(IMPORT)) add(match[2], Boolean(match[1]), false);
      for (const match of code.matchAll(LAZY)) add(match[1], false, true);
      return { path, text, imports };
    });
}

/** First folder below src, or the file name for files that stand at the top. */
export function roomOf(path: string): string {
  return path.split('/')[1];
}
