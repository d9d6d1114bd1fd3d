/** The rule table. */

import { FIRST_CONTACT, R08, R33, TREATMENT } from './care.ts';
import { IMAGING, R09 } from './imaging.ts';
import type { Rule } from './rule.ts';
import { R34, SURGERY } from './surgery.ts';
import { URGENT } from './urgent.ts';

export { ORDER, type Rule } from './rule.ts';
export * as SITUATIONS from './situations.ts';
export { URGENT } from './urgent.ts';

/** All rules, R01 to R34. */
export const RULES: readonly Rule[] = [
  ...URGENT,
  R08,
  R09,
  ...FIRST_CONTACT,
  ...IMAGING,
  ...TREATMENT,
  ...SURGERY,
  R33,
  R34,
];
