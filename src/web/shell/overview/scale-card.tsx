/** One scale of the twin: three numbers, or honestly nothing and what would change that. */

import type { Scale } from '../../../model/index.ts';
import { FeatureNumber } from '../../kit/number/feature-number.tsx';
import { namedLevel } from '../../kit/overlay.ts';
import { go } from '../../state/place.ts';
import { setWorkspace } from '../../state/workspace.ts';
import { Sparkline } from '../../views/chart/sparkline.tsx';
import { Laboratory } from './laboratory.tsx';
import classes from './overview.module.css';
import { type CardNumber, isMotionFeature, placeWords } from './overview-numbers.ts';

const ABOUT: Record<Scale, { hint: string; would: string }> = {
  macro: { hint: 'the whole body', would: 'shape, posture and motion of the body' },
  meso: { hint: 'bones, discs, muscles', would: 'angles, heights and volumes of the column' },
  micro: { hint: 'tissue', would: 'density and texture of bone, activity of muscle' },
  nano: { hint: 'molecules', would: 'markers of inflammation and turnover' },
};

export interface ScaleCardProps {
  scale: Scale;
  numbers: readonly CardNumber[];
  /** sources of this scale that the system can read and that have not come in */
  modalities: readonly string[];
  /** something of this scale has come in */
  known: boolean;
  twin: string;
}

export function ScaleCard({ scale, numbers, modalities, known, twin }: ScaleCardProps) {
  const nothing = <Nothing scale={scale} modalities={modalities} known={known} />;
  return (
    <section className={`${classes.card} ${classes.scale}`} aria-label={`${scale} scale`}>
      <h2>
        {scale}
        <small>{ABOUT[scale].hint}</small>
      </h2>
      {numbers.length > 0 ? (
        <div className={classes.numbers}>
          {numbers.map(({ feature, definition, run }) => (
            <div key={feature.id} className={classes.number}>
              <FeatureNumber
                look="large"
                feature={feature}
                definition={definition}
                label={namedLevel(definition?.name ?? feature.definition, feature.level)}
                note={placeWords(feature) || undefined}
                onChoose={openEvidence}
              />
              <Sparkline
                values={run}
                title={`${run.length} values over time, from ${run[0]} to ${run[run.length - 1]}`}
              />
            </div>
          ))}
        </div>
      ) : (
        <NoFeature scale={scale} twin={twin} nothing={nothing} />
      )}
    </section>
  );
}

function openEvidence(feature: CardNumber['feature']): void {
  setWorkspace({ selection: { feature: feature.id, level: feature.level } });
  go({ screen: isMotionFeature(feature) ? 'motion' : 'spine' });
}

/** The nanoscale is told by the record, not measured by a capability. */
function NoFeature({ scale, twin, nothing }: { scale: Scale; twin: string; nothing: React.ReactNode }) {
  return scale === 'nano' ? <Laboratory twin={twin} fallback={nothing} /> : nothing;
}

function Nothing({ scale, modalities, known }: Omit<ScaleCardProps, 'numbers' | 'twin'>) {
  const { would } = ABOUT[scale];
  return (
    <div className={classes.nothing}>
      <strong>{known ? 'No numbers yet' : 'Nothing yet'}</strong>
      <span>
        {known ? 'What came in gives no number of this scale. ' : ''}
        {modalities.length > 0
          ? `${sentenceCase(listed(modalities.slice(0, 3)))} would tell ${would}. Drop files anywhere.`
          : known
            ? ''
            : `This version reads no source of this scale. One would tell ${would}.`}
      </span>
    </div>
  );
}

/** A list of titles as the beginning of a sentence: `3D video` and `EMG` keep their capitals. */
function sentenceCase(text: string): string {
  const lower = text.replace(/\b[A-Z][a-z]+\b/g, (word) => word.toLowerCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}
