/** Numbers, dates and sizes as a reader sees them: decimals follow the doubt, a gap is a dash. */

import type { WireFeature } from '../../../contract/index.ts';
import { decimalsFor, UNIT_TEXT } from '../../../model/index.ts';

export const DASH = '–';

/** Text of a UCUM unit; the code itself where no text is known. */
export function unitLabel(unit: string): string {
  return (UNIT_TEXT as Record<string, string>)[unit] ?? unit;
}

/** A unit behind its number: degrees and percent stand close, others after a thin space. */
export function withUnit(text: string, unit: string): string {
  const label = unitLabel(unit);
  if (!label) return text;
  return label === '°' || label === '%' ? `${text}${label}` : `${text}\u202f${label}`;
}

/** Fixed decimals with a real minus sign and no "−0". */
export function formatNumber(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** Most decimals a reader wants of a unit, however small the doubt. */
const MOST_DECIMALS: Record<string, number> = {
  '{count}': 0,
  deg: 1,
  mm: 1,
  '%': 1,
  cm2: 0,
  mm2: 0,
  mm3: 0,
  '/mm': 4,
  'deg/mm': 3,
};

/** Decimals that the doubt justifies and a reader wants. */
export function featureDecimals(feature: Pick<WireFeature, 'uncertainty' | 'unit'>): number {
  const { uncertainty, unit } = feature;
  const most = MOST_DECIMALS[unit] ?? 2;
  if (uncertainty.kind === 'interval') return decimalsFor(uncertainty.sd, most);
  return uncertainty.kind === 'exact' && unit === '{count}' ? 0 : Math.min(1, most);
}

export interface ShownNumber {
  /** the number alone, or a dash */
  value: string;
  unit: string;
  /** "41 to 46", absent where the doubt is unknown */
  interval?: string;
  /** why there is no number, or why its doubt is unknown */
  reason?: string;
}

/** @param decimals - for a column whose numbers should line up; by the doubt of the feature otherwise */
export function showFeature(feature: WireFeature, decimals = featureDecimals(feature)): ShownNumber {
  const unit = unitLabel(feature.unit);
  if (feature.value === null) return { value: DASH, unit, reason: feature.missing ?? 'not measured' };
  if (typeof feature.value === 'string') return { value: feature.value, unit };
  const value = formatNumber(feature.value, decimals);
  const { uncertainty } = feature;
  if (uncertainty.kind === 'interval') {
    const interval = `${formatNumber(uncertainty.low, decimals)} to ${formatNumber(uncertainty.high, decimals)}`;
    return { value, unit, interval };
  }
  return uncertainty.kind === 'unknown' ? { value, unit, reason: uncertainty.reason } : { value, unit };
}

/** A feature in one spoken line, for labels of buttons. */
export function speakFeature(name: string, feature: WireFeature, decimals?: number): string {
  const shown = showFeature(feature, decimals);
  const at = [feature.level, feature.side].filter(Boolean).join(' ');
  if (shown.value === DASH) return `${name} ${at}: missing, ${shown.reason}`;
  const doubt = shown.interval ? `, 90 % interval ${shown.interval}` : '';
  return `${name} ${at}: ${shown.value} ${shown.unit}${doubt}`.replace(/\s+/g, ' ');
}

const DAY = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `2026-03-02`, in local time; a date without a time stays as it is. */
export function formatDay(iso: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : DAY.format(date);
}

/** `2026-03-02 11:20` in local time. */
export function formatMoment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) || !iso.includes('T')
    ? formatDay(iso)
    : `${DAY.format(date)} ${TIME.format(date)}`;
}

/** `3 min ago`, `yesterday`, then the day. */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (now - new Date(iso).getTime()) / 1000;
  if (!Number.isFinite(seconds)) return iso;
  if (seconds < 50) return 'just now';
  if (seconds < 3000) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 80_000) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return 'yesterday';
  return formatDay(iso);
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${value >= 100 || at === 0 ? Math.round(value) : value.toFixed(1)}\u202f${units[at]}`;
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}\u202fms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}\u202fs`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `1 file`, `3 files`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
