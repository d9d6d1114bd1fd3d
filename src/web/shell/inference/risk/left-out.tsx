/** Values that do not count at the index date, and why. */

import { useMemo } from 'react';
import type { WireAssessment } from '../../../../contract/index.ts';
import classes from './drivers.module.css';

export interface LeftOutGroup {
  feature: string;
  reason: string;
  /** values of this feature that were left out for it */
  count: number;
  detail: string;
}

/** One line a feature and reason; values that only gave way to a newer one are counted apart. */
export function groupLeftOut(leftOut: WireAssessment['leftOut']): { groups: LeftOutGroup[]; older: number } {
  const groups = new Map<string, LeftOutGroup>();
  let older = 0;
  for (const { record, reason, detail } of leftOut) {
    if (reason === 'older-than-used') {
      older++;
      continue;
    }
    const key = `${record.feature} ${reason}`;
    const before = groups.get(key);
    if (before) before.count++;
    else groups.set(key, { feature: record.feature, reason, count: 1, detail });
  }
  return { groups: [...groups.values()], older };
}

export function LeftOut({ leftOut }: Pick<WireAssessment, 'leftOut'>) {
  const { groups, older } = useMemo(() => groupLeftOut(leftOut), [leftOut]);
  if (leftOut.length === 0) return null;
  return (
    <section className={classes.list} aria-label="Values that do not count">
      <details>
        <summary>Left out at this index date ({leftOut.length})</summary>
        <ul className={classes.leftOut}>
          {groups.map(({ feature, reason, count, detail }) => (
            <li key={`${feature} ${reason}`}>
              {detail} {count > 1 ? <small className="numbers">{count} values</small> : null}
            </li>
          ))}
          {older > 0 ? <li>{older} values of features for which a newer or better one counts.</li> : null}
        </ul>
      </details>
    </section>
  );
}
