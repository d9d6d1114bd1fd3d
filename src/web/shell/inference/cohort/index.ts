/** Evaluated cohorts: learners side by side, calibration, decision curves, contributions. */

export { CohortView } from './cohort-view.tsx';
