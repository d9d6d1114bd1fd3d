/** A plain figure of the body, for a twin of which nothing is known yet. */

import classes from './body-figure.module.css';

export function BodyFigure() {
  return (
    <svg className={classes.figure} viewBox="0 0 200 460" role="img" aria-label="A body of which nothing is known yet">
      <circle cx="100" cy="38" r="26" />
      <path d="M92 60h16v18H92z" />
      <path d="M70 80q30-10 60 0q16 6 16 26l-8 66q-2 20 0 40q-38 14-76 0q2-20 0-40l-8-66q0-20 16-26z" />
      <path className={classes.limb} d="M62 104L44 180l-8 66M138 104l18 76 8 66" />
      <path className={classes.leg} d="M82 218l-6 100-2 108M118 218l6 100 2 108" />
      <path className={classes.column} d="M100 66q-5 34 0 62q5 30 0 52q-4 18 0 34" />
    </svg>
  );
}
