import type { TwinView } from '../../../contract/index.ts';
export function OverviewScreen({ view }: { view: TwinView; narrow: boolean }) {
  return <main>{view.twin.alias}</main>;
}
