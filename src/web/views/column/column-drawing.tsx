/** A drawing of the column from its landmarks: press a vertebra or a space to find it everywhere. */

import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import type { SpineCurve, SpineLandmarks, Vec3 } from '../../../model/index.ts';
import type { Overlay } from '../../kit/overlay.ts';
import { PLANES } from '../slice/plane.ts';
import classes from './column-drawing.module.css';
import { type ColumnShape, type ColumnView, columnShapes, extentOf, flatten } from './column-shapes.ts';

export interface ColumnDrawingProps {
  spine: SpineLandmarks;
  curve?: SpineCurve;
  view: ColumnView;
  /** drawing of what is chosen; shown where it is measured in this view */
  overlay?: Overlay;
  chosen: string | undefined;
  onLevel(level: string): void;
}

const MARGIN_MM = 10;
/** room for names at the left · pixels */
const NAMES = 26;

export function ColumnDrawing({ spine, curve, view, overlay, chosen, onLevel }: ColumnDrawingProps) {
  const shapes = useMemo(() => columnShapes(spine, view), [spine, view]);
  const path = useMemo(() => (curve ? curvePath(curve, view) : ''), [curve, view]);
  const box = extentOf(shapes, MARGIN_MM);
  const { letters } = PLANES[view];
  // words keep their size whatever the length of the column: one unit is one pixel of the screen
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const unit = width > 0 ? Math.max(box.width / width, box.height / height) : box.height / 430;
  const left = box.x - NAMES * unit;
  const drawn = overlay?.plane === view ? overlay : undefined;
  return (
    <div ref={ref} className={classes.box}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing of buttons is no fieldset */}
      <svg
        className={classes.drawing}
        viewBox={`${left} ${box.y} ${box.width + NAMES * unit} ${box.height}`}
        preserveAspectRatio="xMidYMid meet"
        role="group"
        aria-label={`The column from the ${view === 'sagittal' ? 'side' : 'front'}`}
      >
        {shapes.map((shape) => (
          <Shape key={shape.level} shape={shape} chosen={chosen === shape.level} onLevel={onLevel} />
        ))}
        {namedShapes(shapes, chosen, 10.5 * unit).map(({ level, centre }) => (
          <text
            key={level}
            className={classes.name}
            data-chosen={chosen === level || undefined}
            x={left + unit}
            y={centre.y}
            dominantBaseline="central"
            style={{ fontSize: 10 * unit }}
          >
            {level}
          </text>
        ))}
        {path ? <path className={classes.curve} d={path} vectorEffect="non-scaling-stroke" /> : null}
        {drawn ? <Evidence overlay={drawn} view={view} unit={unit} /> : null}
        <text className={classes.side} x={box.x + 2 * unit} y={box.y + 9 * unit} style={{ fontSize: 10 * unit }}>
          {letters.left}
        </text>
        <text
          className={classes.side}
          x={box.x + box.width - 2 * unit}
          y={box.y + 9 * unit}
          textAnchor="end"
          style={{ fontSize: 10 * unit }}
        >
          {letters.right}
        </text>
      </svg>
    </div>
  );
}

/** Levels whose names have room; the chosen one always has. */
function namedShapes(shapes: readonly ColumnShape[], chosen: string | undefined, room: number): ColumnShape[] {
  const named: ColumnShape[] = [];
  const wanted = shapes.find(({ level }) => level === chosen);
  for (const shape of shapes) {
    if (shape.space || (wanted && wanted !== shape && Math.abs(wanted.centre.y - shape.centre.y) < room)) continue;
    const last = named.at(-1);
    if (!last || shape === wanted || shape.centre.y - last.centre.y >= room) named.push(shape);
  }
  return named;
}

function Shape({ shape, chosen, onLevel }: { shape: ColumnShape; chosen: boolean; onLevel(level: string): void }) {
  const { level, space, outline } = shape;
  const points = outline.map(({ x, y }) => `${x},${y}`).join(' ');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a shape of a drawing cannot be a button element
    <g
      role="button"
      tabIndex={space ? -1 : 0}
      aria-label={`${level} in the drawing`}
      aria-pressed={chosen}
      onClick={() => onLevel(level)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onLevel(level);
      }}
    >
      <title>{level}</title>
      <polygon
        className={`${space ? classes.disc : classes.body} ${chosen ? classes.chosen : ''}`}
        points={points}
        vectorEffect="non-scaling-stroke"
      />
    </g>
  );
}

function curvePath(curve: SpineCurve, view: ColumnView): string {
  const parts: string[] = [];
  for (let o = 0; o + 2 < curve.points.length; o += 3) {
    const { x, y } = flatten([curve.points[o], curve.points[o + 1], curve.points[o + 2]], view);
    parts.push(`${o === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`);
  }
  return parts.join('');
}

export function Evidence({ overlay, view, unit }: { overlay: Overlay; view: ColumnView; unit: number }) {
  return overlay.items.map((item, i) => {
    const key = `${overlay.id} ${i}`;
    if (item.type === 'line')
      return <EvidenceLine key={key} from={item.from} to={item.to} label={item.label} view={view} unit={unit} />;
    if (item.type !== 'point') return null;
    const { x, y } = flatten(item.at, view);
    return <circle key={key} className={classes.point} cx={x} cy={y} r={2.4 * unit} />;
  });
}

function EvidenceLine({
  from,
  to,
  label,
  view,
  unit,
}: {
  from: Vec3;
  to: Vec3;
  label?: string;
  view: ColumnView;
  unit: number;
}) {
  const a = flatten(from, view);
  const b = flatten(to, view);
  const end = a.x > b.x ? a : b;
  return (
    <>
      <line className={classes.line} x1={a.x} y1={a.y} x2={b.x} y2={b.y} vectorEffect="non-scaling-stroke" />
      {label ? (
        <text
          className={classes.value}
          x={end.x - 2 * unit}
          y={end.y - 5 * unit}
          textAnchor="end"
          style={{ fontSize: 12 * unit, strokeWidth: 3 * unit }}
        >
          {label}
        </text>
      ) : null}
    </>
  );
}
