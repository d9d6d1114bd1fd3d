/** The assessment that the overview speaks of. */

import type { WireAssessment } from '../../../contract/index.ts';
import { useAssessment, useAssessmentLines } from '../../state/inference.ts';
import { usePlace } from '../../state/place.ts';
import { assessmentAt } from './risk-summary.ts';

/** The assessment that was known at the time one looks at. */
export function useShownAssessment(twin: string): WireAssessment | undefined {
  const { known } = usePlace((place) => place.asOf);
  const { data: lines = [] } = useAssessmentLines(twin);
  const number = assessmentAt(lines, known);
  const { data } = useAssessment(twin, number);
  return known !== undefined && number === undefined ? undefined : data?.assessment;
}
