/** The machine room of the lanes: paints what is in view at most once a frame, and the cursor over it without painting again. */

import type { MotionEvent } from '../../../../model/index.ts';
import { parseHex, type Rgb } from '../../../kit/colour.ts';
import type { MotionChannel, MotionTime, TimeWindow } from '../../../kit/motion.ts';
import { formatNumber, unitLabel } from '../../../kit/number/format.ts';
import { LaneGestures } from './lane-gestures.ts';
import { fillRows, indexAt, type Line, type Picture, paintLine, valueAt } from './lane-painter.ts';
import { axisStep, axisTime, type LanePlan, laneScale, shownUnit } from './lane-plan.ts';

export interface LanesProps {
  lanes: readonly LanePlan[];
  events: readonly MotionEvent[];
  /** height of one lane · CSS px */
  laneHeight: number;
  dark: boolean;
}

export interface LaneParts {
  /** scrolls up and down */
  scroll: HTMLElement;
  picture: HTMLCanvasElement;
  axis: HTMLCanvasElement;
  /** above the lanes */
  events: HTMLCanvasElement | null;
  /** how much of the lanes is in view, and which; hidden where all are */
  thumb: HTMLElement | null;
  /** one element a lane, for the value under the cursor */
  values: () => HTMLElement[];
}

/** Words that change while it plays: as often as they can be read, since each change lays out and paints the page · ms */
const READ_MS = 100;
const EVENT_HEIGHT = 20;
const AXIS_HEIGHT = 22;
const STRIP_HEIGHT = 15;
const MOST_EVENT_LINES = 40;
/** Column that a cursor covers, from its left to beyond its right · px */
const CURSOR_COLUMN = [-1, 3] as const;
/**
 * A canvas with frames of its own: what is put into it goes to the screen without being painted into the page's tiles first. Without a GPU that
 * halves what a frame costs (bench/browser-lanes.ts). It must not be asked for together with `willReadFrequently`, which then shows nothing.
 */
const OWN_FRAMES: CanvasRenderingContext2DSettings = { alpha: false, desynchronized: true };

export class LanesEngine {
  private props: LanesProps | undefined;
  private width = 0;
  private height = 0;
  private ticket = 0;
  private stale = true;
  private readAt = 0;
  private image: ImageData | undefined;
  private inks: Inks | undefined;
  private readonly stops: (() => void)[] = [];
  private readonly parts: LaneParts;
  private readonly time: MotionTime;
  private drawn: { span?: TimeWindow; top: number } = { top: -1 };
  /** brush and cursor as they stand in the picture · s, px; undefined: all of it has to be put there */
  private stands: { brush: TimeWindow | undefined; at: number } | undefined;
  /** frames painted, and the milliseconds of the last one: for the bench */
  readonly painted = { frames: 0, ms: 0 };

  constructor(parts: LaneParts, time: MotionTime) {
    this.parts = parts;
    this.time = time;
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(parts.scroll);
    const gestures = new LaneGestures(parts.picture, time, () => this.width);
    const scrolled = (): void => this.schedule();
    parts.scroll.addEventListener('scroll', scrolled, { passive: true });
    this.stops.push(
      () => observer.disconnect(),
      () => gestures.dispose(),
      () => parts.scroll.removeEventListener('scroll', scrolled),
      time.subscribe(() => this.schedule()),
    );
    this.measure();
  }

  dispose(): void {
    cancelAnimationFrame(this.ticket);
    for (const stop of this.stops) stop();
  }

  update(props: LanesProps): void {
    if (this.props?.dark !== props.dark) this.inks = undefined;
    this.props = props;
    this.stale = true;
    this.schedule();
  }

  private measure(): void {
    const box = this.parts.picture.parentElement;
    this.width = box?.clientWidth ?? 0;
    this.height = this.parts.scroll.clientHeight;
    this.stale = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.ticket !== 0) return;
    this.ticket = requestAnimationFrame(() => {
      this.ticket = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { props } = this;
    if (!props || this.width < 2 || this.height < 2) return;
    this.inks ??= readInks(this.parts.scroll, props.dark);
    const { span } = this.time.get();
    const top = this.parts.scroll.scrollTop;
    if (this.stale || this.drawn.top !== top) this.placeThumb(props, top);
    if (this.stale || this.drawn.span !== span || this.drawn.top !== top) {
      const begun = performance.now();
      this.paint(props, this.inks, span, top);
      this.paintEvents(props, this.inks, span);
      this.painted.frames++;
      this.painted.ms = performance.now() - begun;
      this.drawn = { span, top };
      this.stale = false;
      this.stands = undefined;
    }
    this.show(props, this.inks, span);
    this.paintAxis(this.inks, span);
    const now = performance.now();
    if (now - this.readAt > READ_MS || !this.time.get().playing) {
      this.readAt = now;
      this.readValues(props);
    }
  }

  private placeThumb({ lanes, laneHeight }: LanesProps, top: number): void {
    const { thumb, scroll } = this.parts;
    if (!thumb) return;
    const all = lanes.length * laneHeight;
    thumb.hidden = all <= this.height + 1;
    if (thumb.hidden) return;
    const length = Math.max(24, (this.height * this.height) / all);
    const share = top / Math.max(1, all - this.height);
    thumb.style.height = `${length.toFixed(0)}px`;
    thumb.style.top = `${(scroll.offsetTop + share * (this.height - length)).toFixed(0)}px`;
  }

  private paint({ lanes, laneHeight }: LanesProps, inks: Inks, span: TimeWindow, scrolled: number): void {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const { picture } = this.parts;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    sizeTo(picture, width, height);
    const context = picture.getContext('2d', OWN_FRAMES);
    if (!context) return;
    if (this.image?.width !== width || this.image.height !== height)
      this.image = context.createImageData(width, height);
    const target: Picture = { pixels: new Uint32Array(this.image.data.buffer), width, height };
    fillRows(target, 0, height, inks.ground);
    const view = { startS: span[0], perPixelS: (span[1] - span[0]) / width };
    lanes.forEach((lane, at) => {
      const top = Math.round((at * laneHeight - scrolled) * ratio);
      const bottom = Math.round(((at + 1) * laneHeight - scrolled) * ratio);
      if (bottom <= 0 || top >= height) return;
      const there = lane.channels.map(lineOf);
      const scale = laneScale(
        there.map((line) => line?.channel.low ?? Number.NaN),
        there.map((line) => line?.channel.high ?? Number.NaN),
      );
      const box = { top: top + 2, height: bottom - top - 4, ...scale };
      if (scale.low < 0 && scale.high > 0) {
        const zero = Math.round(box.top + (box.height * scale.high) / (scale.high - scale.low));
        fillRows(target, zero, zero + 1, inks.line);
      }
      for (const [i, line] of there.entries())
        if (line) paintLine(target, box, view, line, inkOf(lane, i, inks), 1.25 * ratio);
      fillRows(target, bottom - 1, bottom, inks.line);
    });
  }

  /** Times of what is in view, and below them all of the recording with the part in view, the window and the cursor. */
  private paintAxis(inks: Inks, span: TimeWindow): void {
    const context = freshContext(this.parts.axis, [this.width, AXIS_HEIGHT + STRIP_HEIGHT], inks.css.ground);
    if (!context) return;
    const step = axisStep(span[1] - span[0], this.width / 90);
    context.font = '11px system-ui, "Segoe UI", Roboto, sans-serif';
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    for (let n = Math.ceil(span[0] / step); n * step <= span[1]; n++) {
      const x = ((n * step - span[0]) / (span[1] - span[0])) * this.width;
      context.fillStyle = inks.css.line;
      context.fillRect(Math.round(x), 0, 1, 5);
      if (x < 14 || x > this.width - 22) continue;
      context.fillStyle = inks.css.dim;
      context.fillText(axisTime(n * step, step), x, 13);
    }
    context.textAlign = 'right';
    context.fillText('s', this.width - 4, 13);
    const { whole, window: brush, timeS } = this.time.get();
    const at = (t: number): number => ((t - whole[0]) / (whole[1] - whole[0] || 1)) * this.width;
    context.fillStyle = inks.css.sunk;
    context.fillRect(0, AXIS_HEIGHT, this.width, STRIP_HEIGHT - 3);
    context.fillStyle = inks.css.line;
    context.fillRect(at(span[0]), AXIS_HEIGHT, Math.max(6, at(span[1]) - at(span[0])), STRIP_HEIGHT - 3);
    context.fillStyle = inks.css.brush;
    if (brush) context.fillRect(at(brush[0]), AXIS_HEIGHT, Math.max(2, at(brush[1]) - at(brush[0])), STRIP_HEIGHT - 3);
    context.fillStyle = inks.css.cursor;
    context.fillRect(at(timeS), AXIS_HEIGHT, 1.5, STRIP_HEIGHT - 3);
  }

  /** Lanes, and over them brush and cursor; while only the cursor moves, only the columns it left and came to. */
  private show({ events }: LanesProps, inks: Inks, span: TimeWindow): void {
    const { picture } = this.parts;
    const context = picture.getContext('2d', OWN_FRAMES);
    if (!context || !this.image) return;
    const ratio = picture.width / this.width;
    const { timeS, window: brush } = this.time.get();
    const x = (t: number): number => ((t - span[0]) / (span[1] - span[0])) * this.width;
    const at = Math.round(x(timeS));
    const was = this.stands && this.stands.brush === brush ? this.stands.at : undefined;
    if (was === at) return;
    this.stands = { brush, at };
    const from = was === undefined ? 0 : Math.min(was, at) + CURSOR_COLUMN[0];
    const to = was === undefined ? this.width : Math.max(was, at) + CURSOR_COLUMN[1];
    context.setTransform(1, 0, 0, 1, 0, 0);
    const left = Math.max(0, Math.floor(from * ratio));
    const right = Math.min(picture.width, Math.ceil(to * ratio));
    if (right <= left) return;
    context.putImageData(this.image, 0, 0, left, 0, right - left, picture.height);
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, picture.height);
    context.clip();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (brush) {
      context.fillStyle = inks.css.brush;
      context.fillRect(x(brush[0]), 0, x(brush[1]) - x(brush[0]), this.height);
      context.fillStyle = inks.css.accent;
      for (const edge of brush) context.fillRect(Math.round(x(edge)), 0, 1, this.height);
    }
    const seen = events.filter(({ timeS, endS = timeS }) => endS >= span[0] && timeS <= span[1]);
    context.fillStyle = inks.css.eventLine;
    if (seen.length <= MOST_EVENT_LINES)
      for (const { timeS } of seen) context.fillRect(Math.round(x(timeS)), 0, 1, this.height);
    context.fillStyle = inks.css.cursor;
    context.fillRect(at, 0, 1.5, this.height);
    context.restore();
  }

  /** Events above the lanes: bars for what lasted, ticks for moments, in as many rows as overlap, up to three. */
  private paintEvents({ events }: LanesProps, inks: Inks, span: TimeWindow): void {
    const canvas = this.parts.events;
    const context = canvas && freshContext(canvas, [this.width, EVENT_HEIGHT], inks.css.ground);
    if (!context) return;
    context.font = '600 10.5px system-ui, "Segoe UI", Roboto, sans-serif';
    context.textBaseline = 'middle';
    const x = (t: number): number => ((t - span[0]) / (span[1] - span[0])) * this.width;
    const free = [-1e9, -1e9, -1e9];
    const rows = events.some(({ endS }, i) => endS !== undefined && endS > (events[i + 1]?.timeS ?? endS)) ? 3 : 1;
    const height = EVENT_HEIGHT / rows;
    let written = -1e9;
    for (const [i, { label, timeS, endS, side }] of events.entries()) {
      const [at, end] = [x(timeS), x(endS ?? timeS)];
      if (end < -2 || at > this.width) continue;
      const row = free.slice(0, rows).findIndex((until) => until <= at);
      const y = Math.max(0, row) * height;
      free[Math.max(0, row)] = Math.max(end, at + 2);
      context.fillStyle = endS === undefined ? inks.css.event : inks.css.eventBar;
      context.fillRect(at, y + 1, endS === undefined ? 2 : Math.max(2, end - at - 1), height - 2);
      if (rows > 1 || at < written) continue;
      const text = side ? `${label} ${side[0].toUpperCase()}` : label;
      const until = Math.max(2, at) + context.measureText(text).width + 10;
      const next = events[i + 1];
      // a name that is cut off says less than none
      if ((next && until > x(next.timeS)) || until - 6 > this.width) continue;
      context.fillStyle = inks.css.text;
      context.fillText(text, Math.max(2, at) + 4, y + height / 2);
      written = until;
    }
  }

  /** The value of each lane at the cursor, into its label. */
  private readValues({ lanes }: LanesProps): void {
    const elements = this.parts.values();
    const { timeS } = this.time.get();
    lanes.forEach((lane, at) => {
      const element = elements[at];
      if (!element) return;
      const texts = lane.channels.map((one) => {
        const line = lineOf(one);
        const value = line ? valueAt(line.channel.values, indexAt(line, timeS)) : Number.NaN;
        const factor = line ? shownUnit(lane.unit, sizeOf(line.channel)).factor : 1;
        return line && Number.isFinite(value)
          ? readable(factor * value, factor * (line.channel.high - line.channel.low))
          : '–';
      });
      const [first] = lane.channels;
      const unit = unitLabel(first.channel ? shownUnit(lane.unit, sizeOf(first.channel)).unit : lane.unit);
      const text = `${texts.join('  ')} ${unit}`;
      if (element.textContent !== text) element.textContent = text;
    });
  }
}

/** Largest size of a channel's values. */
export function sizeOf({ low, high }: { low: number; high: number }): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** Decimals that a thousandth of the whole range deserves. */
export function readable(value: number, range: number): string {
  const decimals = range > 0 ? Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(range)))) : 2;
  return formatNumber(value, decimals);
}

function lineOf({ channel, time, map }: MotionChannel): Line | undefined {
  return channel && { channel, time, map };
}

interface Inks {
  ground: Rgb;
  line: Rgb;
  one: Rgb;
  axes: Record<string, Rgb>;
  sides: Record<'left' | 'right', Rgb>;
  css: Record<
    'ground' | 'line' | 'dim' | 'sunk' | 'text' | 'accent' | 'brush' | 'cursor' | 'event' | 'eventBar' | 'eventLine',
    string
  >;
}

/** Okabe and Ito's colours, lighter on dark ground; left and right are told apart by lightness too. */
function readInks(element: HTMLElement, dark: boolean): Inks {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const axes: Record<string, Rgb> = dark
    ? { x: [230, 165, 50], y: [95, 201, 164], z: [124, 192, 242], w: [214, 140, 190] }
    : { x: [168, 90, 0], y: [0, 115, 79], z: [10, 99, 176], w: [150, 60, 120] };
  return {
    ground: parseHex(token('--surface')),
    line: parseHex(token('--line')),
    one: axes.z,
    axes,
    sides: dark ? { left: [124, 192, 242], right: [242, 176, 92] } : { left: [10, 99, 176], right: [176, 84, 0] },
    css: {
      ground: token('--surface'),
      line: token('--line-strong'),
      dim: token('--text-dim'),
      accent: token('--accent'),
      brush: `color-mix(in srgb, ${token('--accent')} 16%, transparent)`,
      cursor: token('--fault'),
      sunk: token('--surface-sunk'),
      text: token('--text'),
      event: token('--doubt'),
      eventBar: `color-mix(in srgb, ${token('--doubt')} 45%, transparent)`,
      eventLine: `color-mix(in srgb, ${token('--doubt')} 40%, transparent)`,
    },
  };
}

function inkOf({ channels }: LanePlan, at: number, inks: Inks): Rgb {
  const { axis, side } = channels[at].info;
  if (channels.length > 1 && axis) return inks.axes[axis];
  return side ? inks.sides[side] : inks.one;
}

function sizeTo(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
}

function freshContext(
  canvas: HTMLCanvasElement,
  [width, height]: readonly [number, number],
  ground: string,
): CanvasRenderingContext2D | undefined {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  sizeTo(canvas, Math.round(width * ratio), Math.round(height * ratio));
  const context = canvas.getContext('2d', OWN_FRAMES);
  if (!context) return undefined;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  return context;
}
