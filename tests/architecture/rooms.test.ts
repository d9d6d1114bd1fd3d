import { describe, expect, it } from 'vitest';
import { roomOf, sourceModules } from '../support/source-tree.ts';

/** All that the catalogue stands on. */
const SCIENCE = [
  'kernel',
  'model',
  'formats',
  'twin',
  'store',
  'runtime',
  'subject',
  'hme',
  'inference',
  'interop',
] as const;

/** Rooms a room may import from; the order of the house, lowest first. */
const BELOW: Record<string, readonly string[]> = {
  kernel: [],
  model: ['kernel'],
  formats: ['kernel', 'model'],
  twin: ['kernel', 'model', 'formats'],
  store: ['kernel', 'model', 'formats', 'twin'],
  runtime: ['kernel', 'model', 'formats', 'twin', 'store'],
  subject: ['kernel', 'model', 'formats', 'twin', 'store', 'runtime'],
  hme: ['kernel', 'model'],
  inference: ['kernel', 'model'],
  interop: ['kernel', 'model', 'formats', 'twin', 'store', 'runtime'],
  'catalogue.ts': SCIENCE,
  contract: [],
  api: [...SCIENCE, 'catalogue.ts', 'contract'],
  cli: [...SCIENCE, 'catalogue.ts', 'contract', 'api'],
  web: ['kernel', 'model', 'contract'],
};

/** Rooms whose folders are rooms of their own: a sibling is entered by its door only, or not at all. Inference is one engine behind one door. */
const CAPABILITY_ROOMS = new Set(['hme']);
const FOLDERED_ROOMS = new Set(['formats', 'subject', 'hme', 'interop']);

const modules = sourceModules();

function isPanel(path: string): boolean {
  return path.endsWith('.panel.tsx');
}

/** The list of panels is the browser's own catalogue: it alone reaches into the folders of capabilities, for their panels. */
function listsPanel(path: string, target: string): boolean {
  return path === 'src/web/panels.ts' && isPanel(target);
}

describe('rooms', () => {
  it('sees the whole tree', () => {
    expect(modules.length).toBeGreaterThan(50);
    expect(modules.filter((module) => !(roomOf(module.path) in BELOW)).map((module) => module.path)).toEqual([]);
  });

  it('import only from rooms below', () => {
    const wrong: string[] = [];
    for (const module of modules) {
      if (isPanel(module.path)) continue;
      for (const { target } of module.imports) {
        if (!target?.startsWith('src/')) continue;
        const from = roomOf(module.path);
        const to = roomOf(target);
        if (from !== to && !BELOW[from].includes(to) && !listsPanel(module.path, target))
          wrong.push(`${module.path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are entered by their door', () => {
    const wrong: string[] = [];
    for (const module of modules) {
      for (const { target } of module.imports) {
        if (!target?.startsWith('src/') || !target.includes('/', 4)) continue;
        const inside = doorFolder(target);
        if (module.path.startsWith(`${inside}/`)) continue;
        const allowed =
          target === `${inside}/index.ts` || target === `${roomFolder(target)}/index.ts` || target.endsWith('.css');
        const panelToKit = isPanel(module.path) && /^src\/web\/(kit|views)\//.test(target);
        if (!allowed && !panelToKit && !listsPanel(module.path, target)) wrong.push(`${module.path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keep capabilities apart', () => {
    const wrong: string[] = [];
    for (const module of modules) {
      const room = roomOf(module.path);
      if (!CAPABILITY_ROOMS.has(room)) continue;
      for (const { target, specifier } of module.imports) {
        if (specifier.startsWith('node:')) wrong.push(`${module.path} -> ${specifier}`);
        if (target?.startsWith(`src/${room}/`) && doorFolder(target) !== doorFolder(module.path))
          wrong.push(`${module.path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('let panels see contract, model, kernel, kit and views alone', () => {
    const wrong = modules
      .filter((module) => isPanel(module.path))
      .flatMap((module) =>
        module.imports
          .filter(
            ({ target }) =>
              target &&
              !/^src\/(contract|model|kernel)\//.test(target) &&
              !/^src\/web\/(kit|views)\//.test(target) &&
              doorFolder(target) !== doorFolder(module.path),
          )
          .map(({ target }) => `${module.path} -> ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('keep node and the DOM out of pure rooms', () => {
    const pure = new Set(['kernel', 'model', 'formats', 'hme', 'inference', 'contract', 'twin']);
    const wrong = modules
      .filter((module) => pure.has(roomOf(module.path)) && !isPanel(module.path))
      .flatMap((module) =>
        module.imports
          .filter(({ specifier }) => specifier.startsWith('node:'))
          .map(({ specifier }) => `${module.path} -> ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it('have no import cycles', () => {
    expect(findCycle()).toEqual([]);
  });
});

function roomFolder(path: string): string {
  return `src/${roomOf(path)}`;
}

function doorFolder(path: string): string {
  const parts = path.split('/');
  return FOLDERED_ROOMS.has(parts[1]) && parts.length > 3 ? parts.slice(0, 3).join('/') : parts.slice(0, 2).join('/');
}

function findCycle(): string[] {
  const graph = new Map(
    modules.map((module) => [
      module.path,
      module.imports
        .filter(({ target, typeOnly, lazy }) => target && !typeOnly && !lazy)
        .map(({ target }) => target as string),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (node: string): string[] => {
    if (state.get(node) === 'done' || !graph.has(node)) return [];
    if (state.get(node) === 'open') return [...path.slice(path.indexOf(node)), node];
    state.set(node, 'open');
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle.length) return cycle;
    }
    path.pop();
    state.set(node, 'done');
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle.length) return cycle;
  }
  return [];
}
