/**
 * What a hand does over the lanes: click places the cursor, drag brushes, Shift or middle drag pans, wheel and right drag zoom. A finger
 * taps to place the cursor, drags along the time, pinches to zoom, and brushes when it has been held still first.
 */

import type { MotionTime } from '../../../kit/motion.ts';

const CLICK_PIXELS = 4;
const EDGE_PIXELS = 6;
const FINGER_EDGE_PIXELS = 14;
/** A finger that stays so long brushes · ms */
const HOLD_MS = 350;

type Hold =
  | { type: 'brush'; anchorS: number; x: number; moved: boolean }
  | { type: 'pan'; x: number; from: number }
  | { type: 'zoom'; x: number; atS: number };

export class LaneGestures {
  private hold: Hold | undefined;
  private readonly touches = new Map<number, number>();
  private holding = 0;
  private readonly element: HTMLElement;
  private readonly time: MotionTime;
  private readonly width: () => number;
  private readonly off = new AbortController();

  constructor(element: HTMLElement, time: MotionTime, width: () => number) {
    this.element = element;
    this.time = time;
    this.width = width;
    const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void): void =>
      element.addEventListener(type, act, { passive: false, signal: this.off.signal });
    on('pointerdown', this.down);
    on('pointermove', this.move);
    on('pointerup', this.up);
    on('pointercancel', this.up);
    on('wheel', this.wheel);
    on('contextmenu', (event) => event.preventDefault());
    on('dblclick', () => time.setSpan(time.get().window ?? time.get().whole));
  }

  dispose(): void {
    clearTimeout(this.holding);
    this.off.abort();
  }

  private x(event: MouseEvent): number {
    return event.clientX - this.element.getBoundingClientRect().left;
  }

  private timeAt(x: number): number {
    const { span } = this.time.get();
    return span[0] + (x / Math.max(1, this.width())) * (span[1] - span[0]);
  }

  private readonly down = (event: PointerEvent): void => {
    const x = this.x(event);
    this.element.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch') {
      this.touches.set(event.pointerId, x);
      this.hold = { type: 'pan', x, from: x };
      clearTimeout(this.holding);
      if (this.touches.size === 1) this.holding = window.setTimeout(() => this.brushFrom(x), HOLD_MS);
      return;
    }
    if (event.button === 2) this.hold = { type: 'zoom', x, atS: this.timeAt(x) };
    else if (event.button === 1 || event.shiftKey) this.hold = { type: 'pan', x, from: x };
    else {
      const edge = this.edgeNear(x);
      this.hold = { type: 'brush', anchorS: edge ?? this.timeAt(x), x, moved: edge !== undefined };
    }
    if (event.button === 1) event.preventDefault();
  };

  /** A finger that was held still brushes from where it is; what it drags then is the window. */
  private brushFrom(x: number): void {
    const anchorS = this.edgeNear(x, FINGER_EDGE_PIXELS) ?? this.timeAt(x);
    this.hold = { type: 'brush', anchorS, x, moved: true };
    this.time.setWindow([anchorS, this.timeAt(x)]);
    navigator.vibrate?.(12);
  }

  /** Near an edge of the window the other edge is the anchor, so that the near one moves. */
  private edgeNear(x: number, within = EDGE_PIXELS): number | undefined {
    const { window: brush } = this.time.get();
    if (!brush) return undefined;
    for (const [edge, other] of [brush, [brush[1], brush[0]]] as const)
      if (Math.abs(this.xOf(edge) - x) <= within) return other;
    return undefined;
  }

  private xOf(timeS: number): number {
    const { span } = this.time.get();
    return ((timeS - span[0]) / (span[1] - span[0])) * this.width();
  }

  private readonly move = (event: PointerEvent): void => {
    const x = this.x(event);
    const { hold } = this;
    if (!hold) {
      this.element.style.cursor = this.edgeNear(x) === undefined ? 'crosshair' : 'ew-resize';
      return;
    }
    if (this.touches.size > 1 || (hold.type === 'pan' && Math.abs(x - hold.from) > CLICK_PIXELS))
      clearTimeout(this.holding);
    if (event.pointerType === 'touch' && this.touches.size === 2) this.pinch(event.pointerId, x);
    else if (hold.type === 'pan') this.pan(hold, x);
    else if (hold.type === 'zoom') {
      this.time.zoomAt(hold.atS, 1.01 ** (hold.x - x));
      hold.x = x;
    } else if (hold.moved || Math.abs(x - hold.x) > CLICK_PIXELS) {
      hold.moved = true;
      const [low, high] = this.time.get().whole;
      this.time.setWindow([hold.anchorS, Math.min(high, Math.max(low, this.timeAt(x)))]);
    }
    if (event.pointerType === 'touch') this.touches.set(event.pointerId, x);
  };

  private pan(hold: { x: number }, x: number): void {
    const { span } = this.time.get();
    const by = ((hold.x - x) / Math.max(1, this.width())) * (span[1] - span[0]);
    this.time.setSpan([span[0] + by, span[1] + by]);
    hold.x = x;
  }

  private pinch(id: number, x: number): void {
    const before = this.touches.get(id) ?? x;
    const other = [...this.touches].find(([one]) => one !== id)?.[1] ?? x;
    const [was, now] = [Math.abs(before - other), Math.abs(x - other)];
    if (was > 8 && now > 8) this.time.zoomAt(this.timeAt((x + other) / 2), was / now);
  }

  private readonly up = (event: PointerEvent): void => {
    const { hold } = this;
    const x = this.x(event);
    const first = this.touches.size <= 1;
    this.touches.delete(event.pointerId);
    clearTimeout(this.holding);
    this.hold = undefined;
    const { window: brush } = this.time.get();
    // held, and let go where it was
    if (hold?.type === 'brush' && brush && brush[1] - brush[0] <= 0) this.time.setWindow(undefined);
    const tapped =
      event.pointerType === 'touch' && first && hold?.type === 'pan' && Math.abs(hold.from - x) < CLICK_PIXELS;
    if (event.type === 'pointerup' && (tapped || (hold?.type === 'brush' && !hold.moved)))
      this.time.seek(this.timeAt(x));
  };

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { span } = this.time.get();
    const across = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (Math.abs(across) > Math.abs(event.deltaY) || event.shiftKey) {
      const by = (across / Math.max(1, this.width())) * (span[1] - span[0]);
      this.time.setSpan([span[0] + by, span[1] + by]);
    } else this.time.zoomAt(this.timeAt(this.x(event)), 1.0015 ** event.deltaY);
  };
}
