/** A run of values, small: the last one marked. */

export interface SparklineProps {
  values: readonly number[];
  /** what it shows, in words */
  title: string;
}

const WIDTH = 64;
const HEIGHT = 18;

export function Sparkline({ values, title }: SparklineProps) {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (i: number): number => 3 + ((WIDTH - 6) * i) / (values.length - 1);
  const y = (value: number): number => HEIGHT - 3 - ((HEIGHT - 6) * (value - low)) / span;
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const last = values.length - 1;
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
      <polyline points={points} fill="none" stroke="var(--text-faint)" strokeWidth={1.3} strokeLinejoin="round" />
      <circle cx={x(last)} cy={y(values[last])} r={2.4} fill="var(--accent)" />
    </svg>
  );
}
