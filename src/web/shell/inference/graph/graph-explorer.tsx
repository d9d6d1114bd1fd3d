/** stub */
import type { TwinView, WirePatientGraph } from '../../../../contract/index.ts';
export function GraphExplorer(_: { view: TwinView; graph: WirePatientGraph; narrow: boolean }) {
  return null;
}
