/** The assessment that the overview speaks of. */

import type { WireAssessment } from '../../../contract/index.ts';
import { useAssessment, useAssessmentLines } from '../../state/inference.ts';
import { usePlace } from '../../state/place.ts';
import { assessmentAt } from './risk-summary.ts';

/** The assessment that was known at the time one looks at. */
export function useShownAssessment(twin: string): WireAssessment | undefined {
  return useShown(twin).assessment;
}

/** The same, with whether it is still awaited and what went wrong in reading it. */
export function useShown(twin: string): {
  assessment?: WireAssessment;
  error?: unknown;
  waiting: boolean;
  again(): void;
} {
  const { known } = usePlace((place) => place.asOf);
  const { data: lines = [] } = useAssessmentLines(twin);
  const number = assessmentAt(lines, known);
  const { data, error, isLoading, refetch } = useAssessment(twin, number);
  const assessment = known !== undefined && number === undefined ? undefined : data?.assessment;
  return { assessment, error: error ?? undefined, waiting: isLoading, again: () => void refetch() };
}
