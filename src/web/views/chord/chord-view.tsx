/** The chord graph on the screen: arcs of modalities, constructs and outcomes, a ribbon per feature; by mouse, touch and keys. */

import { ribbon as ribbonShape } from 'd3-chord';
import { arc as arcShape } from 'd3-shape';
import { type KeyboardEvent, memo, useId, useMemo, useState } from 'react';
import classes from './chord.module.css';
import { layoutChord, layoutLabels, type PlacedGroup, type PlacedRibbon, type Span } from './chord-layout.ts';
import type { ChordGroup, ChordModel } from './chord-model.ts';

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
  chosen: string | undefined;
  onOpen(ribbon: PlacedRibbon): void;
  /** ribbon under the mouse or the keys */
  onPoint?(ribbon: PlacedRibbon | undefined): void;
}

const ARC_WIDTH = 13;
const LINE = 15;

export interface ChordGeometry {
  radius: number;
  centre: readonly [number, number];
  /** texts stand beside the arcs; on a narrow drawing only their first words */
  narrow: boolean;
}

/** Where the circle stands in its box. */
export function chordGeometry(width: number, height: number): ChordGeometry {
  const narrow = width < 480;
  const side = narrow ? 76 : 136;
  const radius = Math.max(60, Math.min((width - 2 * side) / 2, (height - 44) / 2));
  return { radius, centre: [width / 2, height / 2], narrow };
}

export const ChordView = memo(function ChordView(props: ChordViewProps) {
  const { model, words, width, height, chosen, onOpen, onPoint } = props;
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
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const end = { Home: 0, End: walk.length - 1 }[event.key];
      if (step === undefined && end === undefined) return;
      if (walk.length > 0) point(walk[end ?? (at < 0 ? 0 : (at + (step ?? 0) + walk.length) % walk.length)]);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const idOf = (ribbon: PlacedRibbon): string => `${own}-${ribbon.id}`;
  const lit = layout.ribbons.find(({ id }) => id === current);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: a title would hang under the mouse; the list inside is named
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} className={classes.chord} data-testid="chord">
      <g transform={`translate(${centre[0]} ${centre[1]})`}>
        <g
          role="listbox"
          aria-label="Ribbons of the chord graph"
          tabIndex={0}
          aria-activedescendant={lit ? idOf(lit) : undefined}
          data-dimmed={lit !== undefined || undefined}
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
        <Arcs groups={layout.groups} radius={radius} lit={lit} />
        <Locks ribbons={layout.ribbons} radius={radius - ARC_WIDTH - 8} />
        <Labels groups={layout.groups} radius={radius} words={words} narrow={narrow} />
      </g>
    </svg>
  );
});

/** Ribbons as the keys walk them: around the circle by where they begin, features before flows. */
function walkOrder(ribbons: readonly PlacedRibbon[]): PlacedRibbon[] {
  return [...ribbons].sort(
    (a, b) => Number(a.layer === 'flow') - Number(b.layer === 'flow') || a.source.startAngle - b.source.startAngle,
  );
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
  const { mean, look, held, opacity, layer } = ribbon;
  const thin = mean === 0;
  return (
    <g
      id={id}
      role="option"
      aria-selected={lit}
      aria-label={text}
      className={classes.ribbon}
      data-look={look}
      data-layer={layer}
      data-held={held || undefined}
      data-sign={mean < 0 ? 'lowers' : 'raises'}
      data-lit={lit || undefined}
      onPointerEnter={() => onPoint(ribbon)}
      onClick={() => onOpen(ribbon)}
    >
      <path
        d={thin ? ribbonLine(ribbon, radius) : ribbonPath(ribbon, radius)}
        fill={thin ? 'none' : undefined}
        fillOpacity={opacity}
      />
      <path d={ribbonLine(ribbon, radius)} className={classes.grasp} />
    </g>
  );
});

/** Outline of a ribbon, by d3. */
export function ribbonPath({ source, target }: { source: Span; target: Span }, radius: number): string {
  const shape = ribbonShape<unknown, { source: Span; target: Span }, Span & { radius: number }>();
  const ends = { source: { ...source, radius }, target: { ...target, radius } };
  // without a context it gives the path as text
  return (shape as unknown as (ends: unknown) => string)(ends);
}

/** Its middle line, for a ribbon without width. */
export function ribbonLine({ source, target }: { source: Span; target: Span }, radius: number): string {
  const at = ({ startAngle, endAngle }: Span): string => {
    const angle = (startAngle + endAngle) / 2;
    return `${(radius * Math.sin(angle)).toFixed(2)},${(-radius * Math.cos(angle)).toFixed(2)}`;
  };
  return `M${at(source)}Q0,0 ${at(target)}`;
}

export function arcPath(group: Span, radius: number): string {
  const shape = arcShape<Span>()
    .innerRadius(radius - ARC_WIDTH)
    .outerRadius(radius)
    .cornerRadius(2);
  return shape(group as never) ?? '';
}

function Arcs({
  groups,
  radius,
  lit,
}: {
  groups: readonly PlacedGroup[];
  radius: number;
  lit: PlacedRibbon | undefined;
}) {
  return (
    <g>
      {groups.map((group) => (
        <path
          key={group.id}
          d={arcPath(group, radius)}
          className={classes.arc}
          data-sector={group.sector}
          data-lit={lit?.from === group.id || lit?.to === group.id || undefined}
        />
      ))}
    </g>
  );
}

/** A lock at the foot of every ribbon whose weight is held. */
function Locks({ ribbons, radius }: { ribbons: readonly PlacedRibbon[]; radius: number }) {
  return (
    <g>
      {locksOf(ribbons, 8 / radius).map(({ id, source }) => {
        const angle = (source.startAngle + source.endAngle) / 2;
        return (
          <path
            key={id}
            className={classes.lock}
            transform={`translate(${radius * Math.sin(angle)} ${-radius * Math.cos(angle)})`}
            d={LOCK}
          />
        );
      })}
    </g>
  );
}

/** Held ribbons that get a lock: of those that lie close together the first. */
export function locksOf(ribbons: readonly PlacedRibbon[], gap: number): PlacedRibbon[] {
  const held = ribbons.filter((ribbon) => ribbon.held).sort((a, b) => a.source.startAngle - b.source.startAngle);
  let last = Number.NEGATIVE_INFINITY;
  return held.filter(({ source }) => {
    const apart = source.startAngle - last >= gap;
    if (apart) last = source.startAngle;
    return apart;
  });
}

/** A padlock of 6 by 7 px around its middle. */
export const LOCK = 'M-2.6,-0.4h5.2v3.8h-5.2zM-1.6,-0.4v-1.2a1.6,1.6 0 0 1 3.2,0v1.2';

interface LabelsProps {
  groups: readonly PlacedGroup[];
  radius: number;
  words: ChordWords;
  narrow: boolean;
}

function Labels({ groups, radius, words, narrow }: LabelsProps) {
  const places = layoutLabels(groups, radius, LINE);
  return (
    <g className={classes.labels}>
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

/** `Pain and disability` → `Pain`, where there is no room for more. */
export function shortName(name: string): string {
  return name.length <= 11 ? name : (name.split(/ (?:and|sensors|so) ?/)[0] ?? name);
}
