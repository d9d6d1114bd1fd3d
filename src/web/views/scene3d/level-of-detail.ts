/**
 * Light copies while something moves, the full surfaces at rest.
 *
 * A processor that draws without a GPU always turns the light copies. With a GPU the full surfaces are turned, until the frames
 * of one turn come slower than 25 a second.
 */

import type { Object3D } from 'three';

interface Pair {
  full: Object3D;
  coarse: Object3D;
}

const SETTLE_MS = 160;
const SLOW_FRAME_MS = 40;
const FRAMES_JUDGED = 6;

export class LevelOfDetail {
  private readonly pairs = new Set<Pair>();
  moving = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frames: number[] = [];
  private useCoarse: boolean;
  private readonly invalidate: () => void;
  /** told when motion begins and when the picture rests */
  onRest: (resting: boolean) => void = () => {};

  private readonly light: boolean;

  constructor(software: boolean, invalidate: () => void, light = false) {
    this.light = light;
    this.useCoarse = software;
    this.invalidate = invalidate;
  }

  add(pair: Pair): () => void {
    this.pairs.add(pair);
    this.apply();
    return () => this.pairs.delete(pair);
  }

  /** Something moves; call it with every step of the motion. */
  move(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), SETTLE_MS);
    if (!this.moving) {
      this.moving = true;
      this.frames = [];
      this.onRest(false);
      this.apply();
    }
    this.invalidate();
  }

  /** Called once a frame, to judge how fast frames come. */
  frame(now: number): void {
    if (!this.moving || this.useCoarse) return;
    this.frames.push(now);
    if (this.frames.length <= FRAMES_JUDGED) return;
    const mean = (now - this.frames[0]) / (this.frames.length - 1);
    this.frames = [];
    if (mean > SLOW_FRAME_MS) {
      this.useCoarse = true;
      this.apply();
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private rest(): void {
    this.moving = false;
    this.onRest(true);
    this.apply();
    this.invalidate();
  }

  private apply(): void {
    const coarse = this.light || (this.moving && this.useCoarse);
    for (const pair of this.pairs) {
      pair.full.visible = !coarse;
      pair.coarse.visible = coarse;
    }
  }
}

/** Most pixels that a processor draws while something moves. */
const MOVING_PIXELS = 260_000;
/** Finer than the screen at rest: it smooths edges, which multisampling would do at every frame. */
const RESTING_RATIO = 1.75;

/** Pixels per CSS pixel for a picture drawn without a GPU. */
export function softwareRatio(width: number, height: number, moving: boolean): number {
  return moving ? Math.min(1, Math.sqrt(MOVING_PIXELS / Math.max(1, width * height))) : RESTING_RATIO;
}

export type Drawing = 'gpu' | 'software' | 'none';

let drawing: Drawing | undefined;

/** How this browser draws in 3D: with a GPU, by its processor, or not at all. */
export function howItDraws(): Drawing {
  if (drawing) return drawing;
  const context = document.createElement('canvas').getContext('webgl2');
  const info = context?.getExtension('WEBGL_debug_renderer_info');
  const name = context ? String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER)) : '';
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  drawing = !context ? 'none' : /swiftshader|llvmpipe|software|softpipe|basic render/i.test(name) ? 'software' : 'gpu';
  return drawing;
}

/** True when the browser draws without a GPU. */
export function drawsInSoftware(): boolean {
  return howItDraws() === 'software';
}
