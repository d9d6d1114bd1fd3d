/** Mouse, pen, touch and keys of a slice, after the manners of the field. Knows no React: it turns events into wishes. */

import type { Vec3 } from '../../../model/index.ts';
import type { MeasureTool } from '../../kit/panel.ts';
import { POINTS_NEEDED } from '../measure/measure-geometry.ts';
import { pixelToWorld, type SliceFrame } from './plane.ts';
import { panned, type SliceCamera, zoomed } from './slice-camera.ts';
import { draggedWindow, type GreyWindow } from './window.ts';

/** What the view lets a hand see and change. */
export interface SliceHands {
  frame(): SliceFrame;
  camera(): SliceCamera;
  setCamera(camera: SliceCamera): void;
  window(): GreyWindow;
  setWindow(window: GreyWindow): void;
  moveCrosshair(at: Vec3): void;
  stepSlice(by: number): void;
  /** a click that was no drag */
  pick(at: Vec3): void;
  hover(at: Vec3 | undefined): void;
  tool(): MeasureTool | undefined;
  /** points placed so far and the one under the cursor */
  draft(points: Vec3[] | undefined): void;
  finish(points: Vec3[]): void;
  handleAt(x: number, y: number): { id: string; point: number } | undefined;
  moveHandle(id: string, point: number, at: Vec3, final: boolean): void;
}

type Drag =
  | { kind: 'window'; x: number; y: number; window: GreyWindow; moved: boolean }
  | { kind: 'pan'; x: number; y: number; camera: SliceCamera }
  | { kind: 'zoom'; x: number; y: number; camera: SliceCamera; frame: SliceFrame }
  | { kind: 'handle'; id: string; point: number }
  | { kind: 'measure'; x: number; y: number }
  | { kind: 'touch'; x: number; y: number; steps: number; moved: boolean }
  | { kind: 'pinch'; gap: number; x: number; y: number; camera: SliceCamera; frame: SliceFrame };

const CLICK_PIXELS = 4;

export class SliceGestures {
  private drag: Drag | undefined;
  private placed: Vec3[] = [];
  private wheel = 0;
  private readonly fingers = new Map<number, { x: number; y: number }>();
  private readonly hands: SliceHands;
  private readonly element: HTMLElement;

  constructor(element: HTMLElement, hands: SliceHands) {
    this.element = element;
    this.hands = hands;
  }

  /** Forgets a measurement that is being drawn. @returns false when there was none */
  cancel(): boolean {
    const had = this.placed.length > 0;
    this.placed = [];
    this.hands.draft(undefined);
    return had;
  }

  down = (event: PointerEvent): void => {
    const { x, y } = this.at(event);
    this.element.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch') {
      this.touchDown(event, x, y);
      return;
    }
    const camera = this.hands.camera();
    const tool = this.hands.tool();
    const handle =
      event.button === 0 && !event.shiftKey && this.placed.length === 0 ? this.hands.handleAt(x, y) : undefined;
    if (event.button === 2 || (event.button === 0 && event.ctrlKey))
      this.drag = { kind: 'zoom', x, y, camera, frame: this.hands.frame() };
    else if (event.button === 1 || event.shiftKey) this.drag = { kind: 'pan', x, y, camera };
    else if (handle) this.drag = { kind: 'handle', ...handle };
    else if (tool) {
      this.drag = { kind: 'measure', x, y };
      this.place(tool, x, y);
    } else this.drag = { kind: 'window', x, y, window: this.hands.window(), moved: false };
  };

  move = (event: PointerEvent): void => {
    const { x, y } = this.at(event);
    if (this.fingers.has(event.pointerId)) {
      this.fingers.set(event.pointerId, { x, y });
      this.touchMove(x, y);
      return;
    }
    const world = pixelToWorld(this.hands.frame(), x, y);
    this.hands.hover(world);
    const { drag } = this;
    if (!drag) {
      if (event.shiftKey && event.buttons === 0) this.hands.moveCrosshair(world);
      else if (this.placed.length > 0) this.hands.draft([...this.placed, world]);
      return;
    }
    this.dragTo(drag, x, y, world);
  };

  private dragTo(drag: Drag, x: number, y: number, world: Vec3): void {
    switch (drag.kind) {
      case 'window':
        if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < CLICK_PIXELS) return;
        drag.moved = true;
        this.hands.setWindow(draggedWindow(drag.window, x - drag.x, y - drag.y));
        break;
      case 'pan':
        this.hands.setCamera(panned(drag.camera, this.hands.frame().plane, x - drag.x, y - drag.y));
        break;
      case 'zoom':
        this.hands.setCamera(zoomed(drag.camera, drag.frame, drag.x, drag.y, 2 ** ((drag.y - y) / 120)));
        break;
      case 'handle':
        this.hands.moveHandle(drag.id, drag.point, world, false);
        break;
      case 'measure':
        if (this.placed.length > 0) this.hands.draft([...this.placed, world]);
        break;
    }
  }

  up = (event: PointerEvent): void => {
    const { x, y } = this.at(event);
    if (this.fingers.delete(event.pointerId)) {
      this.touchUp(x, y);
      return;
    }
    const { drag } = this;
    this.drag = undefined;
    if (!drag) return;
    const world = pixelToWorld(this.hands.frame(), x, y);
    if (drag.kind === 'window' && !drag.moved) this.hands.pick(world);
    if (drag.kind === 'handle') this.hands.moveHandle(drag.id, drag.point, world, true);
    const tool = this.hands.tool();
    // a drag from point to point places the second one where it ends
    if (
      drag.kind === 'measure' &&
      tool &&
      this.placed.length > 0 &&
      Math.hypot(x - drag.x, y - drag.y) > 2 * CLICK_PIXELS
    )
      this.place(tool, x, y);
  };

  leave = (): void => {
    this.hands.hover(undefined);
  };

  scroll = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
    if (event.ctrlKey || event.metaKey) {
      const { x, y } = this.at(event);
      this.hands.setCamera(zoomed(this.hands.camera(), this.hands.frame(), x, y, 2 ** (-pixels / 300)));
      return;
    }
    // a notch of a wheel is one slice; a trackpad adds up its small steps
    if (Math.abs(pixels) >= 60) {
      this.wheel = 0;
      this.hands.stepSlice(-Math.sign(pixels));
      return;
    }
    this.wheel += pixels;
    const steps = Math.trunc(this.wheel / 24);
    if (steps !== 0) {
      this.wheel -= steps * 24;
      this.hands.stepSlice(-steps);
    }
  };

  private place(tool: MeasureTool, x: number, y: number): void {
    this.placed.push(pixelToWorld(this.hands.frame(), x, y));
    if (this.placed.length < POINTS_NEEDED[tool]) {
      this.hands.draft([...this.placed]);
      return;
    }
    const points = this.placed;
    this.placed = [];
    this.hands.draft(undefined);
    this.hands.finish(points);
  }

  private touchDown(event: PointerEvent, x: number, y: number): void {
    this.fingers.set(event.pointerId, { x, y });
    if (this.fingers.size === 2) {
      const [a, b] = [...this.fingers.values()];
      const mid = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      this.drag = {
        kind: 'pinch',
        gap: Math.hypot(a.x - b.x, a.y - b.y),
        ...mid,
        camera: this.hands.camera(),
        frame: this.hands.frame(),
      };
    } else this.drag = { kind: 'touch', x, y, steps: 0, moved: false };
  }

  private touchMove(x: number, y: number): void {
    const { drag } = this;
    if (drag?.kind === 'touch') {
      if (Math.hypot(x - drag.x, y - drag.y) > 2 * CLICK_PIXELS) drag.moved = true;
      const steps = Math.trunc((drag.y - y) / 9);
      if (steps !== drag.steps && !this.hands.tool()) this.hands.stepSlice(steps - drag.steps);
      drag.steps = steps;
    } else if (drag?.kind === 'pinch' && this.fingers.size === 2) {
      const [a, b] = [...this.fingers.values()];
      const factor = Math.hypot(a.x - b.x, a.y - b.y) / Math.max(1, drag.gap);
      const closer = zoomed(drag.camera, drag.frame, drag.x, drag.y, factor);
      this.hands.setCamera(panned(closer, drag.frame.plane, (a.x + b.x) / 2 - drag.x, (a.y + b.y) / 2 - drag.y));
    }
  }

  private touchUp(x: number, y: number): void {
    const { drag } = this;
    this.drag = undefined;
    if (drag?.kind !== 'touch' || drag.moved) return;
    const tool = this.hands.tool();
    if (tool) this.place(tool, x, y);
    else this.hands.pick(pixelToWorld(this.hands.frame(), x, y));
  }

  private at(event: MouseEvent): { x: number; y: number } {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
