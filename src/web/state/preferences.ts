/** What this browser remembers of the reader's habits: layout, widths, closed columns. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Layout = 'quad' | 'scene' | 'slices' | 'single';

export interface Preferences {
  layout: Layout;
  treeOpen: boolean;
  panelOpen: boolean;
  panelWidth: number;
  /** height of the body above the lanes · share of both */
  stageShare: number;
  timelineOpen: boolean;
  labelsOutline: boolean;
  patientsAs: 'cards' | 'table';
  /** how decisions and answers are signed: initials */
  signature: string;
}

export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      layout: 'quad',
      treeOpen: true,
      panelOpen: true,
      panelWidth: 470,
      stageShare: 0.46,
      timelineOpen: true,
      labelsOutline: true,
      patientsAs: 'cards',
      signature: '',
    }),
    { name: 'msdt.preferences', version: 1 },
  ),
);

export function prefer(part: Partial<Preferences>): void {
  usePreferences.setState(part);
}
