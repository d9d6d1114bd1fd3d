/** Every panel of the page, one line each, imported when it is shown. */

import type { Panel } from './kit/panel.ts';

export interface PanelEntry {
  id: string;
  title: string;
  /** artifact kinds that make it appear; empty: always there */
  kinds: readonly string[];
  load(): Promise<Panel>;
}

const PANELS: readonly PanelEntry[] = [
  {
    id: 'spine',
    title: 'Spine',
    kinds: ['landmarks.vertebra', 'labelmap.vertebrae', 'mesh.vertebra'],
    load: async () => (await import('../hme/spine-geometry/spine-geometry.panel.tsx')).spineGeometryPanel,
  },
  {
    id: 'labels',
    title: 'Labels',
    kinds: ['labelmap.vertebrae'],
    load: async () => (await import('../hme/label-import/label-import.panel.tsx')).labelImportPanel,
  },
  {
    id: 'measure',
    title: 'Measure',
    kinds: [],
    load: async () => (await import('./panels/measure.panel.tsx')).measurePanel,
  },
  { id: 'about', title: 'About', kinds: [], load: async () => (await import('./panels/about.panel.tsx')).aboutPanel },
];

/** Panels for what a twin holds. */
export function panelsFor(kinds: ReadonlySet<string>): PanelEntry[] {
  return PANELS.filter((panel) => panel.kinds.length === 0 || panel.kinds.some((kind) => kinds.has(kind)));
}
