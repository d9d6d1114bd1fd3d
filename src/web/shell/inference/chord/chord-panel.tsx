/** The chord graph with its tools: what is shown, table instead of picture, PNG; and under it how the ribbons add up. */

import { Switch, useMantineColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconPhoto, IconTable } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { RESEARCH_USE, type TwinView, type WireAssessment } from '../../../../contract/index.ts';
import { saveBlob } from '../../../kit/download.ts';
import { IconAction } from '../../../kit/icon-action.tsx';
import { formatDay, formatNumber } from '../../../kit/number/format.ts';
import type { PlacedRibbon } from '../../../views/chord/chord-layout.ts';
import { chordModel } from '../../../views/chord/chord-model.ts';
import { chordPicture } from '../../../views/chord/chord-picture.ts';
import { ChordView, type ChordWords } from '../../../views/chord/chord-view.tsx';
import { setInferenceView } from '../view-state.ts';
import {
  ageText,
  CONSTRUCT_NAMES,
  contributionText,
  HORIZON_NAMES,
  horizonOf,
  MODALITY_NAMES,
  percent,
  percentRange,
  STATE_WORDS,
  signed,
  valueText,
} from '../words.ts';
import classes from './chord-panel.module.css';
import { ChordTable } from './chord-table.tsx';

export interface ChordPanelProps {
  view: TwinView;
  assessment: WireAssessment;
  feature: string | undefined;
  narrow: boolean;
}

export function ChordPanel({ view, assessment, feature, narrow }: ChordPanelProps) {
  const { risk } = assessment;
  const [table, setTable] = useState(false);
  const [held, setHeld] = useState(!narrow);
  const [pointed, setPointed] = useState<PlacedRibbon>();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const { colorScheme } = useMantineColorScheme();
  const panel = useRef<HTMLElement>(null);
  const model = useMemo(() => chordModel(risk, { held, missing: true }), [risk, held]);
  const words = useMemo(() => wordsOf(assessment), [assessment]);
  const open = useCallback((ribbon: PlacedRibbon) => {
    if (ribbon.contribution) setInferenceView({ feature: ribbon.contribution.feature });
  }, []);
  const savePicture = (): void => {
    if (!panel.current) return;
    const name = `${view.twin.alias} risk`;
    const title = `${view.twin.alias}${assessment.synthetic ? ' · SYNTHETIC' : ''} · what the risk of spinal surgery is made of`;
    void chordPicture({ model, words, title, facts: factsOf(assessment), styled: panel.current }).then(
      (blob) => blob && saveBlob(blob, `${name}.png`),
    );
  };
  return (
    <section ref={panel} className={classes.panel} aria-label="Chord graph">
      <div className={classes.tools} role="toolbar" aria-label="Chord graph">
        <Legend />
        <Switch
          size="xs"
          label="Held weights"
          checked={held}
          onChange={(event) => setHeld(event.currentTarget.checked)}
        />
        <IconAction name={table ? 'As a graph' : 'As a table'} pressed={table} onClick={() => setTable(!table)}>
          <IconTable size={17} />
        </IconAction>
        <IconAction name="Picture as PNG" onClick={savePicture}>
          <IconPhoto size={17} />
        </IconAction>
      </div>
      {table ? (
        <ChordTable risk={risk} chosen={feature} onOpen={(one) => setInferenceView({ feature: one })} />
      ) : (
        <div ref={ref} className={classes.box}>
          {width > 0 && height > 0 ? (
            <ChordView
              model={model}
              words={words}
              width={width}
              height={height}
              dark={colorScheme !== 'light'}
              chosen={feature ? `feature:${feature}` : undefined}
              onOpen={open}
              onPoint={setPointed}
            />
          ) : null}
        </div>
      )}
      <p className={classes.says} role="status">
        {pointed && !table ? words.ribbon(pointed) : <Sum assessment={assessment} />}
      </p>
    </section>
  );
}

function Legend() {
  return (
    <ul className={classes.legend} aria-label="What the ribbons mean">
      <li>
        <i data-look="raises" /> raises
      </li>
      <li>
        <i data-look="lowers" /> lowers
      </li>
      <li>
        <i data-look="missing" /> not measured
      </li>
      <li title="Width is the size of the contribution in log-odds; the fuller the colour, the more certain">
        width: log-odds, fullness: certainty
      </li>
    </ul>
  );
}

/** Intercept, ribbons and logit, as the two layers of the graph add up. */
function Sum({ assessment: { risk } }: { assessment: WireAssessment }) {
  const ribbons = risk.logit - risk.intercept;
  const year = horizonOf(risk.horizons, '0-12');
  return (
    <span className="numbers">
      Intercept of the setting {signed(risk.intercept)} · ribbons {signed(ribbons)} · logit <b>{signed(risk.logit)}</b>{' '}
      ± {formatNumber(risk.sdLogit, 2)}
      {year ? (
        <>
          {' '}
          → twelve months <b>{percentRange(year.low, year.high)}</b>, point {percent(year.probability)}
        </>
      ) : null}
    </span>
  );
}

function factsOf({ risk, settingChosen }: WireAssessment): string[] {
  const year = horizonOf(risk.horizons, '0-12');
  return [
    `Risk that surgery happens within 12 months ${year ? `${percentRange(year.low, year.high)} (90 % interval), point ${percent(year.probability)}` : ''} · intercept ${signed(risk.intercept)} + ribbons ${signed(risk.logit - risk.intercept)} = logit ${signed(risk.logit)}`,
    `Setting ${settingChosen ? '' : '(assumed) '}${risk.setting.name}, base rate ${percent(risk.setting.baseRate)}`,
    `${STATE_WORDS[risk.state].name}. ${risk.caution}`,
    `Index date ${formatDay(risk.indexDate)} · ${risk.model.id} v${risk.model.version}`,
    'Orange raises, blue lowers; width is the contribution in log-odds, fullness its certainty; dashed: not measured; lock: weight held at zero',
    `${RESEARCH_USE} · msdt`,
  ];
}

/** Texts of arcs and ribbons. */
function wordsOf({ risk }: WireAssessment): ChordWords {
  const sums = new Map<string, number>();
  for (const { construct, modality, mean } of risk.contributions)
    for (const id of [`construct:${construct}`, `modality:${modality}`]) sums.set(id, (sums.get(id) ?? 0) + mean);
  return {
    group({ id, sector, key }) {
      if (sector === 'outcome') {
        const horizon = horizonOf(risk.horizons, key as '0-6' | '6-12');
        return {
          name: HORIZON_NAMES[key] ?? key,
          note: horizon ? percentRange(horizon.low, horizon.high) : undefined,
        };
      }
      const sum = sums.get(id) ?? 0;
      const name = (sector === 'modality' ? MODALITY_NAMES[key] : CONSTRUCT_NAMES[key]) ?? key;
      return { name, note: sum === 0 ? undefined : signed(sum) };
    },
    ribbon({ contribution: one, from, to, mean, sd }) {
      if (!one) {
        const [construct, outcome] = [from.split(':')[1], to.split(':')[1]];
        return `${CONSTRUCT_NAMES[construct] ?? construct} → ${HORIZON_NAMES[outcome] ?? outcome}: ${mean < 0 ? 'lowers' : 'raises'} by ${contributionText({ mean, sd })}`;
      }
      const value = one.observed ? `${valueText(one)}, ${ageText(one.ageDays)}` : 'not measured';
      const weight = one.held ? 'weight held at zero' : contributionText(one);
      return `${one.name}: ${value} · ${weight}`;
    },
  };
}
