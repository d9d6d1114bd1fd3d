/** The line that every screen carries. */

import { RESEARCH_USE } from '../../../contract/index.ts';
import classes from './frame.module.css';

export function ResearchLine() {
  return (
    <footer className={classes.research} data-testid="research-line">
      {RESEARCH_USE}
    </footer>
  );
}
