/** A number as the house shows it: value, unit, interval, a thin bar; behind it a card with definition, method, posture and date. */

import { memo } from 'react';
import type { WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { hoverFeature, leaveFeature } from './feature-hover.tsx';
import classes from './feature-number.module.css';
import { showFeature, speakFeature } from './format.ts';
import { isOutside, RangeBar, referenceOf } from './range-bar.tsx';

export interface FeatureNumberProps {
  feature: WireFeature;
  definition: WireFeatureDefinition | undefined;
  /** `cell`: value and bar, the unit stands in the head of the column; `large` and `row`: with name, unit and interval */
  look?: 'cell' | 'large' | 'row';
  /** name shown above a large number; the definition's name by default */
  label?: string;
  /** a line below the name of a row */
  note?: string;
  /** decimals of the column it stands in */
  decimals?: number;
  chosen?: boolean;
  onChoose?(feature: WireFeature): void;
}

export const FeatureNumber = memo(function FeatureNumber({
  feature,
  definition,
  look = 'cell',
  label,
  note,
  decimals,
  chosen = false,
  onChoose,
}: FeatureNumberProps) {
  const shown = showFeature(feature, decimals);
  const name = definition?.name ?? feature.definition;
  const reference = referenceOf(feature, definition);
  const large = look !== 'cell';
  const looks = { cell: '', large: classes.large, row: classes.row };
  const tones = [
    classes.number,
    looks[look],
    feature.value === null ? classes.missing : '',
    isOutside(feature, reference) ? classes.out : '',
  ];
  const hover = (anchor: HTMLElement): void => hoverFeature({ feature, definition, anchor });
  return (
    <button
      type="button"
      className={tones.join(' ')}
      // a large one and a row say what they show; so a voice command can name them
      aria-label={large ? undefined : speakFeature(name, feature, decimals)}
      aria-pressed={chosen}
      data-feature={feature.id}
      onClick={() => {
        leaveFeature();
        onChoose?.(feature);
      }}
      onPointerEnter={(event) => event.pointerType === 'mouse' && hover(event.currentTarget)}
      onPointerLeave={leaveFeature}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && hover(event.currentTarget)}
      onBlur={leaveFeature}
    >
      {large ? (
        <span className={classes.label}>
          {label ?? name} {note ? <small>{note} </small> : null}
        </span>
      ) : null}
      <span className={classes.value}>
        {shown.value}
        {large && shown.unit && feature.value !== null ? <Unit unit={shown.unit} /> : null}{' '}
      </span>
      {large ? <span className={classes.interval}>{shown.interval ?? shown.reason ?? '\u00a0'}</span> : null}
      {reference && feature.value !== null ? (
        <RangeBar feature={feature} reference={reference} />
      ) : (
        <span className={classes.noBar} />
      )}
    </button>
  );
});

/** Degrees and percent stand close to their number, other units after a space. */
function Unit({ unit }: { unit: string }) {
  if (unit === '°' || unit === '%') return unit;
  return <span className={classes.unit}> {unit}</span>;
}
