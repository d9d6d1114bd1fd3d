/** What a panel is: a tab at the right of the scenes, shown where its artifact kinds are present. */

import type { ComponentType } from 'react';
import type { TwinView, WireFeatureDefinition, WireMeasurement } from '../../contract/index.ts';
import type { SpineCurve, SpineLandmarks } from '../../model/index.ts';
import type { MotionBench } from './motion.ts';

/** What the reader has chosen; the scenes and slices follow it. */
export interface Selection {
  /** `L4` or `L4-L5` */
  level?: string;
  /** full id of a feature */
  feature?: string;
  /** id of a measurement drawn by hand */
  measurement?: string;
  /** id of an artifact */
  artifact?: string;
  /** a fact of a clinical record: its row (`#12`), id or place in the file */
  fact?: string;
}

export type MeasureTool = 'distance' | 'angle' | 'cobb';

/** The measurements drawn by hand, and the hand that draws them. */
export interface MeasureBench {
  items: readonly WireMeasurement[];
  tool: MeasureTool | undefined;
  /** what the last attempt to save said, when it failed */
  problem?: string;
  setTool(tool: MeasureTool | undefined): void;
  rename(id: string, label: string): void;
  remove(id: string): void;
  undo(): void;
  redo(): void;
  canUndo: boolean;
  canRedo: boolean;
}

export interface PanelActions {
  /** starts a job that renumbers all vertebrae; what follows from them is made again */
  shiftLabels(artifact: string, by: number): Promise<void>;
  /** runs a capability to its end; what it makes appears when it is made, what fails is told */
  run(capability: string, params?: Record<string, number | string | boolean>): Promise<void>;
  exportArtifact(artifact: string, format: string): void;
  exportFeatures(format: 'csv' | 'json' | 'xlsx' | 'parquet'): void;
}

export interface PanelProps {
  view: TwinView;
  definitions: ReadonlyMap<string, WireFeatureDefinition>;
  /** landmarks and curve of the column, once loaded */
  spine: SpineLandmarks | undefined;
  curve: SpineCurve | undefined;
  selection: Selection;
  select(selection: Selection): void;
  measure: MeasureBench;
  /** recordings in view; on the motion screen */
  motion?: MotionBench;
  actions: PanelActions;
}

export interface Panel {
  id: string;
  title: string;
  /** shown when the twin has an artifact of one of these kinds; empty: always */
  kinds: readonly string[];
  component: ComponentType<PanelProps>;
}

/** Types a panel from its own descriptor. */
export function definePanel(panel: Panel): Panel {
  return panel;
}
