/** Six letters on a small globe that turns with the scene; the ones behind fade. */

import { type Ref, useImperativeHandle, useRef } from 'react';
import type { Vec3 } from '../../../model/index.ts';
import classes from './scene-view.module.css';
import type { StandardView } from './standard-views.ts';

const AXES: readonly { letter: StandardView; at: Vec3; ink: string }[] = [
  { letter: 'L', at: [1, 0, 0], ink: '#e6c34a' },
  { letter: 'R', at: [-1, 0, 0], ink: '#e6c34a' },
  { letter: 'P', at: [0, 1, 0], ink: '#6cc07a' },
  { letter: 'A', at: [0, -1, 0], ink: '#6cc07a' },
  { letter: 'S', at: [0, 0, 1], ink: '#f27f6d' },
  { letter: 'I', at: [0, 0, -1], ink: '#f27f6d' },
];

const RADIUS = 27;
const MIDDLE = 38;

export interface MarkerHandle {
  turn(right: Vec3, up: Vec3): void;
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export function OrientationMarker({ handle }: { handle: Ref<MarkerHandle> }) {
  const svg = useRef<SVGSVGElement>(null);
  useImperativeHandle(handle, () => ({
    turn(right, up) {
      const toEye: Vec3 = [
        right[1] * up[2] - right[2] * up[1],
        right[2] * up[0] - right[0] * up[2],
        right[0] * up[1] - right[1] * up[0],
      ];
      const groups = [...(svg.current?.querySelectorAll<SVGGElement>('g[data-letter]') ?? [])];
      const placed = groups.map((group) => {
        const axis = AXES.find((a) => a.letter === group.dataset.letter) ?? AXES[0];
        const depth = dot(axis.at, toEye);
        const x = MIDDLE + RADIUS * dot(axis.at, right);
        const y = MIDDLE - RADIUS * dot(axis.at, up);
        group.setAttribute('opacity', String(0.28 + 0.72 * Math.max(0, (depth + 1) / 2)));
        group.querySelector('line')?.setAttribute('x2', String(x));
        group.querySelector('line')?.setAttribute('y2', String(y));
        group.querySelector('circle')?.setAttribute('cx', String(x));
        group.querySelector('circle')?.setAttribute('cy', String(y));
        group.querySelector('text')?.setAttribute('x', String(x));
        group.querySelector('text')?.setAttribute('y', String(y + 0.5));
        return { group, depth };
      });
      // what is nearer lies on top
      placed.sort((a, b) => a.depth - b.depth);
      for (const { group } of placed) svg.current?.append(group);
    },
  }));
  return (
    <svg
      ref={svg}
      className={classes.marker}
      viewBox="0 0 76 76"
      width={76}
      height={76}
      role="img"
      aria-label="Orientation of the scene"
    >
      {AXES.map(({ letter, ink }) => (
        <g key={letter} data-letter={letter}>
          <line x1={MIDDLE} y1={MIDDLE} stroke={ink} strokeWidth={1.5} />
          <circle r={8.5} fill={ink} />
          <text textAnchor="middle" dominantBaseline="central" fontSize={11} fontWeight={700} fill="#0b0d0f">
            {letter}
          </text>
        </g>
      ))}
    </svg>
  );
}
