/** The chord graph on the screen: arcs of modalities, constructs and outcomes, a ribbon per feature; by mouse, touch and keys. */

import { type KeyboardEvent, memo, useEffect, useId, useMemo, useRef, useState } from 'react';
import classes from './chord.module.css';
import { type ChordLayout, layoutChord, layoutLabels, type PlacedGroup, type PlacedRibbon } from './chord-layout.ts';
import type { ChordGroup, ChordModel } from './chord-model.ts';
import { chordInks, paintChord } from './chord-paint.ts';
import { ARC_WIDTH, arcPath, chordGeometry, ribbonLine, ribbonPath, shortName } from './chord-shapes.ts';
import { stepRibbon, walkOrder } from './chord-walk.ts';

export interface ChordWords {
  /** name of an arc, and a second line below it */
  group(group: ChordGroup): { name: string; note?: string };
  /** what a ribbon says, in one line */
  ribbon(ribbon: PlacedRibbon): string;
}

export interface ChordViewProps {
  model: ChordModel;
  words: ChordWords;
  /** px of the drawing */
  width: number;
  height: number;
  /** changes when the theme does, so that the colours are read again */
  dark: boolean;
  chosen: string | undefined;
  onOpen(ribbon: PlacedRibbon): void;
  /** ribbon under the mouse or the keys */
  onPoint?(ribbon: PlacedRibbon | undefined): void;
}

const LINE = 15;

export const ChordView = memo(function ChordView(props: ChordViewProps) {
  const { model, words, width, height, dark, chosen, onOpen, onPoint } = props;
  const own = useId();
  const [pointed, setPointed] = useState<string>();
  const layout = useMemo(() => layoutChord(model), [model]);
  const { radius, centre, narrow } = chordGeometry(width, height);
  const walk = useMemo(() => walkOrder(layout.ribbons), [layout]);
  const point = (ribbon: PlacedRibbon | undefined): void => {
    setPointed(ribbon?.id);
    onPoint?.(ribbon);
  };
  const current = pointed ?? chosen;
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = walk.findIndex(({ id }) => id === current);
    if (event.key === 'Enter' || event.key === ' ') {
      if (at >= 0) onOpen(walk[at]);
    } else if (event.key === 'Escape' && pointed) point(undefined);
    else {
      const to = stepRibbon(walk, at, event.key);
      if (to === undefined) return;
      if (walk.length > 0) point(walk[to]);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const idOf = (ribbon: PlacedRibbon): string => `${own}-${ribbon.id}`;
  const lit = layout.ribbons.find(({ id }) => id === current);
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read
  useEffect(() => {
    if (canvas.current) paintScreen(canvas.current, layout, { width, height });
  }, [layout, width, height, dark]);
  return (
    <div className={classes.chord} style={{ width, height }} data-testid="chord">
      <canvas ref={canvas} style={{ width, height }} data-dimmed={lit !== undefined || undefined} />
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: a title would hang under the mouse; the list inside is named */}
      <svg width={width} height={height}>
        <g transform={`translate(${centre[0]} ${centre[1]})`}>
          <g
            role="listbox"
            aria-label="Ribbons of the chord graph"
            tabIndex={0}
            aria-activedescendant={lit ? idOf(lit) : undefined}
            onKeyDown={onKeyDown}
            onBlur={() => point(undefined)}
            onPointerLeave={() => point(undefined)}
          >
            {layout.ribbons.map((ribbon) => (
              <Ribbon
                key={ribbon.id}
                id={idOf(ribbon)}
                ribbon={ribbon}
                radius={radius - ARC_WIDTH - 2}
                lit={ribbon.id === current}
                text={words.ribbon(ribbon)}
                onPoint={point}
                onOpen={onOpen}
              />
            ))}
          </g>
          {lit ? <LitArcs groups={layout.groups} radius={radius} lit={lit} /> : null}
          <Labels groups={layout.groups} radius={radius} words={words} narrow={narrow} />
        </g>
      </svg>
    </div>
  );
});

/** Paints what does not change with the mouse. */
function paintScreen(canvas: HTMLCanvasElement, layout: ChordLayout, size: { width: number; height: number }): void {
  const scale = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  const { radius, centre } = chordGeometry(size.width, size.height);
  context.scale(scale, scale);
  context.translate(...(centre as [number, number]));
  paintChord(context, layout, radius, chordInks(canvas));
}

interface RibbonProps {
  id: string;
  ribbon: PlacedRibbon;
  radius: number;
  lit: boolean;
  text: string;
  onPoint(ribbon: PlacedRibbon | undefined): void;
  onOpen(ribbon: PlacedRibbon): void;
}

const Ribbon = memo(function Ribbon({ id, ribbon, radius, lit, text, onPoint, onOpen }: RibbonProps) {
  const { mean, look, held } = ribbon;
  const thin = mean === 0;
  const line = ribbonLine(ribbon, radius);
  const outline = thin ? line : ribbonPath(ribbon, radius);
  return (
    <g
      id={id}
      role="option"
      aria-selected={lit}
      aria-label={text}
      data-feature={ribbon.contribution?.feature}
      className={classes.ribbon}
      onPointerEnter={() => onPoint(ribbon)}
      onClick={() => onOpen(ribbon)}
    >
      {thin ? null : <path d={outline} className={classes.hold} />}
      <path d={line} className={classes.grasp} />
      {lit ? (
        <path
          d={outline}
          className={classes.lit}
          data-look={look === 'missing' || held ? 'missing' : mean < 0 ? 'lowers' : 'raises'}
          fillOpacity={thin ? 0 : 0.6}
        />
      ) : null}
    </g>
  );
});

/** Rims of the arcs that the ribbon in hand joins; the arcs themselves are painted. */
function LitArcs({ groups, radius, lit }: { groups: readonly PlacedGroup[]; radius: number; lit: PlacedRibbon }) {
  return groups
    .filter(({ id }) => id === lit.from || id === lit.to)
    .map((group) => <path key={group.id} d={arcPath(group, radius)} className={classes.litArc} />);
}

interface LabelsProps {
  groups: readonly PlacedGroup[];
  radius: number;
  words: ChordWords;
  narrow: boolean;
}

function Labels({ groups, radius, words, narrow }: LabelsProps) {
  const places = layoutLabels(groups, radius, LINE);
  return (
    <g className={classes.labels} data-narrow={narrow || undefined}>
      {places.map(({ id, side, from, to }) => {
        const group = groups.find((one) => one.id === id);
        if (!group) return null;
        const { name, note } = words.group(group);
        const out = side === 'right' ? 1 : -1;
        return (
          <g key={id} data-sector={group.sector}>
            <polyline points={`${from} ${to}`} />
            <text x={to[0] + 4 * out} y={to[1]} dy="0.34em" textAnchor={side === 'right' ? 'start' : 'end'}>
              {narrow ? shortName(name) : name}
              {note && !narrow ? <tspan> {note}</tspan> : null}
            </text>
          </g>
        );
      })}
    </g>
  );
}
