/** What the reader looks at on the inference screen: tab, assessment, chosen feature and node. */

import { create } from 'zustand';

export type InferenceTab = 'patient' | 'graph' | 'time' | 'cohort' | 'model';

export interface InferenceView {
  twin: string | undefined;
  tab: InferenceTab;
  /** assessment that is read; undefined: the newest */
  number: number | undefined;
  /** feature of the dictionary whose sheet is open */
  feature: string | undefined;
  /** chosen node of the patient graph */
  node: string | undefined;
  /** setting, index date and answers are open */
  desk: boolean;
}

const FRESH: Omit<InferenceView, 'twin'> = {
  tab: 'patient',
  number: undefined,
  feature: undefined,
  node: undefined,
  desk: false,
};

export const useInferenceView = create<InferenceView>(() => ({ twin: undefined, ...FRESH }));

export function setInferenceView(part: Partial<InferenceView>): void {
  useInferenceView.setState(part);
}

/** Begins anew when another twin is opened. */
export function openInference(twin: string): void {
  if (useInferenceView.getState().twin !== twin) useInferenceView.setState({ twin, ...FRESH });
}
