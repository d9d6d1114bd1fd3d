/** Which of the page's sheets is open. */

import { create } from 'zustand';
import type { GivenFile } from './dropped-files.ts';

interface Sheets {
  palette: boolean;
  help: boolean;
  jobs: boolean;
  /** files that wait for a twin of their own; an empty list: a new twin without files */
  newTwin: readonly GivenFile[] | undefined;
  /** how those files are to be read */
  choices: Record<string, string> | undefined;
  /** capability whose parameters are asked for */
  run: string | undefined;
  /** the tree, on a narrow screen */
  tree: boolean;
  /** a clinical record, and the fact to show in it */
  record: { artifact: string; fact: string | undefined } | undefined;
}

export const useSheets = create<Sheets>(() => ({
  palette: false,
  help: false,
  jobs: false,
  newTwin: undefined,
  choices: undefined,
  run: undefined,
  tree: false,
  record: undefined,
}));

export function openSheet(part: Partial<Sheets>): void {
  useSheets.setState(part);
}
