/** Lines over a common axis, by uPlot, in the colours of the theme. */

import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import classes from './line-chart.module.css';

export interface ChartLine {
  name: string;
  unit: string;
  values: ArrayLike<number>;
}

export interface LineChartProps {
  title: string;
  axisName: string;
  axisUnit: string;
  axis: ArrayLike<number>;
  lines: readonly ChartLine[];
  /** names along the axis, such as levels */
  stations?: readonly { name: string; at: number }[];
  height: number;
  /** changes when the theme does, so that the colours are read again */
  dark: boolean;
  onPlace?(at: number): void;
}

/** Okabe and Ito's colours, lighter first on dark ground. */
const INKS = { dark: ['#7cc0f2', '#e6a532', '#5fc9a4'], light: ['#0a63b0', '#a85a00', '#00734f'] };

export function LineChart({ title, axisName, axisUnit, axis, lines, stations, height, dark, onPlace }: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef(onPlace);
  place.current = onPlace;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const [text, line] = ['--text-dim', '--line'].map((name) => style.getPropertyValue(name).trim());
    const side = {
      stroke: text,
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: '11px system-ui, sans-serif',
    };
    const splits = stations
      ? {
          splits: () => stations.map(({ at }) => at),
          values: () => stations.map(({ name }) => name),
          rotate: -90,
          size: 44,
          space: 10,
        }
      : {};
    const plot = new uPlot(
      {
        width: element.clientWidth || 300,
        height,
        scales: { x: { time: false } },
        axes: [
          { ...side, ...splits },
          { ...side, size: 56 },
        ],
        series: [
          { label: axisName, value: (_, x) => (x === null ? '–' : `${x.toFixed(0)} ${axisUnit}`) },
          ...lines.map(({ name, unit }, i) => ({
            label: name,
            stroke: INKS[dark ? 'dark' : 'light'][i % 3],
            width: 1.6,
            value: (_: uPlot, y: number | null) => (y === null ? '–' : `${y.toPrecision(2)} ${unit}`),
          })),
        ],
        cursor: { y: false, drag: { x: false, y: false } },
        legend: { live: true },
      },
      [
        Float64Array.from(axis),
        ...lines.map(({ values }) => Float64Array.from(values)),
      ] as unknown as uPlot.AlignedData,
      element,
    );
    const click = (): void => {
      const at = plot.cursor.idx;
      if (at !== null && at !== undefined) place.current?.(plot.data[0][at]);
    };
    plot.over.addEventListener('click', click);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth || 300, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [axisName, axisUnit, axis, lines, stations, height, dark]);
  return <div ref={box} className={classes.chart} role="img" aria-label={title} />;
}
