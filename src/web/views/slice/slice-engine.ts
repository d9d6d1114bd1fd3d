/** The machine room of one slice view: holds camera and latest input, draws at most once a frame, speaks to the DOM directly. */

import type { Vec3 } from '../../../model/index.ts';
import type { MeasureTool } from '../../kit/panel.ts';
import { measureUnit, measureValue } from '../measure/measure-geometry.ts';
import { type DraftMeasure, hitHandle, paintOverlay } from './paint-overlay.ts';
import { fitScale, PLANES, type SliceFrame, type SliceSteps, sliceIndex, slicePlace, sliceSteps } from './plane.ts';
import { frameOf, lookingAt, type SliceCamera, zoomed } from './slice-camera.ts';
import { SliceGestures } from './slice-gestures.ts';
import { SlicePicture } from './slice-picture.ts';
import { levelAt, type SliceParts, writeFurniture, writeReadout } from './slice-readout.ts';
import type { SliceViewProps } from './slice-view.tsx';
import type { VolumeSource } from './volume-source.ts';

const MOST_PIXEL_RATIO = 2;

export class SliceEngine {
  private props: SliceViewProps | undefined;
  private camera: SliceCamera = { centre: [0, 0, 0], mmPerPixel: 1 };
  private width = 0;
  private height = 0;
  private steps: SliceSteps = { step: 1, start: 0, count: 1 };
  private ticket = 0;
  private fresh = false;
  private fitted: VolumeSource | undefined;
  private pictured: VolumeSource | undefined;
  private zoomedByHand = false;
  private draft: DraftMeasure | undefined;
  private hovered: Vec3 | undefined;
  private stops: (() => void)[] = [];
  private watched: (VolumeSource | undefined)[] = [];
  private readonly picture: SlicePicture;
  private readonly gestures: SliceGestures;
  private readonly observer: ResizeObserver;

  private readonly element: HTMLElement;
  private readonly parts: SliceParts;

  constructor(element: HTMLElement, parts: SliceParts) {
    this.element = element;
    this.parts = parts;
    this.picture = new SlicePicture(parts.picture);
    this.gestures = new SliceGestures(element, this.hands());
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(element);
    const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void): void =>
      element.addEventListener(type, act, { passive: false });
    const { down, move, up, leave, scroll } = this.gestures;
    on('pointerdown', (event) => this.onButton(event) || down(event));
    on('pointermove', move);
    on('pointerup', up);
    on('pointercancel', up);
    on('pointerleave', leave);
    on('wheel', scroll);
    this.measure();
  }

  private onButton(event: PointerEvent): boolean {
    return (event.target as HTMLElement).closest('button') !== null;
  }

  dispose(): void {
    this.observer.disconnect();
    cancelAnimationFrame(this.ticket);
    for (const stop of this.stops) stop();
  }

  update(props: SliceViewProps): void {
    const before = this.props;
    this.props = props;
    if (before?.volume !== props.volume || before?.labels?.source !== props.labels?.source) this.watch();
    if (before?.tool !== props.tool) this.gestures.cancel();
    if (props.crosshair) props.volume?.lookAt(props.crosshair);
    this.schedule();
  }

  reset(): void {
    const { volume, plane } = this.props ?? {};
    if (!volume || !plane) return;
    this.zoomedByHand = false;
    this.camera = { centre: volume.centre, mmPerPixel: fitScale(volume.grid, plane, this.width, this.height) };
    this.schedule();
  }

  lookAt(at: Vec3, radiusMm: number): void {
    const frame = this.frame();
    if (frame) this.camera = lookingAt(this.camera, frame, at, radiusMm, !this.zoomedByHand);
    this.schedule();
  }

  zoomBy(factor: number): void {
    const frame = this.frame();
    if (frame) this.camera = zoomed(this.camera, frame, this.width / 2, this.height / 2, factor);
    this.schedule();
  }

  cancel(): boolean {
    return this.gestures.cancel();
  }

  stepSlice(by: number): void {
    const { crosshair, plane, volume } = this.props ?? {};
    if (!plane || !volume) return;
    const from = crosshair ?? volume.centre;
    const { axis } = PLANES[plane];
    const at: [number, number, number] = [...from];
    at[axis] = slicePlace(this.steps, sliceIndex(this.steps, from[axis]) + by);
    this.props?.onCrosshair(at);
  }

  capture(scale: number): HTMLCanvasElement | undefined {
    const frame = this.frame();
    if (!frame || !this.props) return undefined;
    const canvas = document.createElement('canvas');
    new SlicePicture(canvas).draw(
      { frame, volume: this.props.volume, window: this.props.window, labels: this.props.labels },
      scale,
      true,
    );
    const context = canvas.getContext('2d');
    if (!context) return undefined;
    context.scale(canvas.width / frame.width, canvas.height / frame.height);
    paintOverlay(context, { ...this.overlayInput(frame), furniture: true });
    return canvas;
  }

  private frame(): SliceFrame | undefined {
    if (!this.props || this.width === 0) return undefined;
    return frameOf(
      this.camera,
      this.props.plane,
      this.props.crosshair ?? this.props.volume?.centre,
      this.width,
      this.height,
    );
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.element;
    const grew = this.width > 0 && clientWidth > 0 ? Math.min(clientWidth / this.width, clientHeight / this.height) : 1;
    this.width = clientWidth;
    this.height = clientHeight;
    // a larger window shows the same part larger
    if (grew !== 1 && this.fitted) this.camera = { ...this.camera, mmPerPixel: this.camera.mmPerPixel / grew };
    this.schedule();
  }

  private watch(): void {
    for (const stop of this.stops) stop();
    this.picture.forget();
    const { volume, labels, plane } = this.props as SliceViewProps;
    this.watched = [volume, labels?.source];
    this.stops = this.watched
      .filter((source) => source !== undefined)
      .map((source) =>
        source.subscribe(() => {
          this.fresh = true;
          this.schedule();
        }),
      );
    if (volume) this.steps = sliceSteps(volume.grid, plane);
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
    if (!props || this.width === 0 || this.height === 0) return;
    if (props.volume && this.fitted !== props.volume) {
      const first = this.fitted === undefined || distanceOf(this.fitted.centre, props.volume.centre) > 50;
      this.fitted = props.volume;
      if (first)
        this.camera = {
          centre: props.volume.centre,
          mmPerPixel: fitScale(props.volume.grid, props.plane, this.width, this.height),
        };
    }
    const frame = this.frame();
    if (!frame) return;
    const ratio = Math.min(window.devicePixelRatio || 1, MOST_PIXEL_RATIO);
    this.picture.draw({ frame, volume: props.volume, window: props.window, labels: props.labels }, ratio, this.fresh);
    this.fresh = false;
    if (props.volume && this.pictured !== props.volume) {
      this.pictured = props.volume;
      props.onPicture?.();
    }
    this.drawOverlay(frame, ratio);
    this.writeFurniture(frame);
    // with every picture: voxels and labels arrive after the crosshair came to rest
    this.writeReadout();
  }

  private drawOverlay(frame: SliceFrame, ratio: number): void {
    const { overlay } = this.parts;
    const width = Math.round(this.width * ratio);
    const height = Math.round(this.height * ratio);
    if (overlay.width !== width || overlay.height !== height) {
      overlay.width = width;
      overlay.height = height;
    }
    const context = overlay.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    paintOverlay(context, this.overlayInput(frame));
  }

  private overlayInput(frame: SliceFrame): Parameters<typeof paintOverlay>[1] {
    const props = this.props as SliceViewProps;
    const { crosshair, overlays, measurements, chosenMeasurement } = props;
    return {
      frame,
      crosshair: props.volume ? crosshair : undefined,
      overlays,
      measurements,
      chosenMeasurement,
      draft: this.draft,
      halfStepMm: this.steps.step / 2,
    };
  }

  private writeFurniture(frame: SliceFrame): void {
    const props = this.props as SliceViewProps;
    const place = (props.crosshair ?? frame.centre)[PLANES[props.plane].axis];
    writeFurniture(this.parts, frame, props, { at: sliceIndex(this.steps, place) + 1, of: this.steps.count });
  }

  private writeReadout(): void {
    const props = this.props as SliceViewProps;
    writeReadout(this.parts, props, this.hovered ?? props.crosshair);
  }

  private hands(): ConstructorParameters<typeof SliceGestures>[1] {
    const props = (): SliceViewProps => this.props as SliceViewProps;
    return {
      frame: () => this.frame() as SliceFrame,
      camera: () => this.camera,
      setCamera: (camera) => {
        if (camera.mmPerPixel !== this.camera.mmPerPixel) this.zoomedByHand = true;
        this.camera = camera;
        this.schedule();
      },
      window: () => props().window,
      setWindow: (grey) => props().onWindow(grey),
      moveCrosshair: (at) => props().onCrosshair(at),
      stepSlice: (by) => this.stepSlice(by),
      pick: (at) => props().onPick(at, levelAt(props(), at)),
      hover: (at) => {
        this.hovered = at;
        this.writeReadout();
      },
      tool: () => props().tool,
      draft: (points) => {
        const tool = props().tool;
        this.draft = points && tool ? draftOf(tool, points, props().plane) : undefined;
        this.schedule();
      },
      finish: (points) => {
        const tool = props().tool;
        if (tool) props().onMeasured(tool, points, props().plane);
      },
      handleAt: (x, y) => hitHandle(this.frame() as SliceFrame, props().measurements, this.steps.step / 2, x, y),
      moveHandle: (id, point, at, final) => {
        const item = props().measurements.find((m) => m.id === id);
        if (item)
          props().onMeasureMoved(
            id,
            item.points.map((p, i) => (i === point ? at : (p as Vec3))),
            final,
          );
      },
    };
  }
}

function draftOf(type: MeasureTool, points: Vec3[], plane: SliceViewProps['plane']): DraftMeasure {
  return { type, points, value: measureValue(type, points, plane), unit: measureUnit(type) };
}

function distanceOf(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
