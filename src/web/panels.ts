/** Every panel of the page, one line each, imported when it is shown. */

import type { Panel } from './kit/panel.ts';

export interface PanelEntry {
  id: string;
  title: string;
  /** artifact kinds that make it appear; empty: always there */
  kinds: readonly string[];
  /** where it belongs; absent: on every screen with scenes */
  screen?: 'spine' | 'motion';
  load(): Promise<Panel>;
}

const PANELS: readonly PanelEntry[] = [
  {
    id: 'spine',
    screen: 'spine',
    title: 'Spine',
    kinds: ['landmarks.vertebra', 'labelmap.vertebrae', 'mesh.vertebra'],
    load: async () => (await import('../hme/spine-geometry/spine-geometry.panel.tsx')).spineGeometryPanel,
  },
  {
    id: 'labels',
    screen: 'spine',
    title: 'Labels',
    kinds: ['labelmap.vertebrae'],
    load: async () => (await import('../hme/label-import/label-import.panel.tsx')).labelImportPanel,
  },
  {
    id: 'measure',
    screen: 'spine',
    title: 'Measure',
    kinds: [],
    load: async () => (await import('./panels/measure.panel.tsx')).measurePanel,
  },
  {
    id: 'window',
    title: 'Window',
    screen: 'motion',
    kinds: [],
    load: async () => (await import('./panels/window.panel.tsx')).windowPanel,
  },
  {
    id: 'compare',
    title: 'Compare',
    screen: 'motion',
    kinds: [],
    load: async () => (await import('./panels/compare.panel.tsx')).comparePanel,
  },
  {
    id: 'clocks',
    title: 'Clocks',
    screen: 'motion',
    kinds: [],
    load: async () => (await import('./panels/clocks.panel.tsx')).clocksPanel,
  },
  {
    id: 'calibration',
    title: 'Calibration',
    screen: 'motion',
    kinds: ['signal.imu', 'signal.orientation'],
    load: async () => (await import('./panels/calibration.panel.tsx')).calibrationPanel,
  },
  {
    id: 'similarity',
    title: 'Similarity',
    screen: 'motion',
    kinds: ['table.matrix', 'sequence.mesh', 'sequence.cloud', 'sequence.depth', 'sequence.skeleton'],
    load: async () => (await import('./panels/similarity.panel.tsx')).similarityPanel,
  },
  {
    id: 'tables',
    title: 'Tables',
    screen: 'motion',
    kinds: ['table.record'],
    load: async () => (await import('./panels/tables.panel.tsx')).tablesPanel,
  },
  {
    id: 'record',
    title: 'Record',
    kinds: ['record.clinical'],
    load: async () => (await import('./panels/record.panel.tsx')).recordPanel,
  },
  { id: 'about', title: 'About', kinds: [], load: async () => (await import('./panels/about.panel.tsx')).aboutPanel },
];

/** Panels for what a twin holds. */
export function panelsFor(screen: 'spine' | 'motion', kinds: ReadonlySet<string>): PanelEntry[] {
  const here = PANELS.filter((panel) => panel.screen === undefined || panel.screen === screen);
  return here.filter((panel) => panel.kinds.length === 0 || panel.kinds.some((kind) => kinds.has(kind)));
}
