/** Below the chord graph: where the doubt comes from, and which examination would narrow it. */

import type { WireAssessment } from '../../../../contract/index.ts';
import { narrowingOf } from '../suggestions/suggestion-model.ts';
import { MODALITY_NAMES, percent, percentNumber } from '../words.ts';
import classes from './doubt-strip.module.css';

type Risk = WireAssessment['risk'];

export function DoubtStrip({ assessment: { risk, worth } }: { assessment: WireAssessment }) {
  return (
    <section className={classes.strip} aria-label="Doubt">
      <Doubt doubt={risk.doubt} />
      <Worth risk={risk} worth={worth} />
    </section>
  );
}

const DOUBTS = [
  { key: 'parameter', name: 'weights', about: 'what the literature leaves open about the weights' },
  { key: 'measurement', name: 'measurement', about: 'error and age of what was measured' },
  { key: 'missing', name: 'not measured', about: 'features that nobody has measured' },
] as const;

function Doubt({ doubt }: { doubt: Risk['doubt'] }) {
  const total = doubt.parameter + doubt.measurement + doubt.missing;
  if (!(total > 0)) return null;
  const share = (key: keyof typeof doubt): number => (100 * Math.max(0, doubt[key])) / total;
  const text = DOUBTS.map(({ key, name }) => `${name} ${share(key).toFixed(0)} %`).join(', ');
  return (
    <div className={classes.doubt}>
      <h3>Where the doubt comes from</h3>
      <span className={classes.stack} role="img" aria-label={`Shares of the doubt: ${text}`}>
        {DOUBTS.map(({ key }) => (
          <i key={key} data-part={key} style={{ width: `${share(key)}%` }} />
        ))}
      </span>
      <ul>
        {DOUBTS.map(({ key, name, about }) => (
          <li key={key} title={about}>
            <i data-part={key} />
            {name} <span className="numbers">{share(key).toFixed(0)} %</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const WORTH_SHOWN = 4;

/** Which examination is expected to narrow the interval, and how far. */
function Worth({ risk, worth }: { risk: Risk; worth: WireAssessment['worth'] }) {
  return (
    <div className={classes.worth}>
      <h3>What would change it: the interval of twelve months, now and after</h3>
      {worth.length === 0 ? <p className={classes.none}>Everything that is weighed has been measured.</p> : null}
      <ul>
        {worth.slice(0, WORTH_SHOWN).map((one) => {
          const narrowing = narrowingOf(risk, one);
          if (!narrowing) return null;
          const [now, after] = [narrowing.now, narrowing.after];
          return (
            <li key={one.modality} title={`${one.features.length} features: ${one.features.join(', ')}`}>
              <span>{MODALITY_NAMES[one.modality] ?? one.modality}</span>
              <span className={classes.narrow} aria-hidden="true">
                <i className={classes.bar} style={{ width: `${100 * (1 - narrowing.share)}%` }} />
              </span>
              <span className={`${classes.numbers} numbers`}>
                <s>
                  {percentNumber(now[0])}–{percentNumber(now[1])}
                </s>{' '}
                {percentNumber(after[0])}–{percent(after[1])}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
