/** The stage: a floor, the bodies that move on it, a camera on a turntable whose axis is the vertical of the recording. */

import {
  AmbientLight,
  Box3,
  Color,
  DirectionalLight,
  GridHelper,
  Group,
  Matrix4,
  type Object3D,
  OrthographicCamera,
  Quaternion,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { type AxisDirection, type ClockMap, sampleAt, unmapTimeS } from '../../../../model/index.ts';
import type { Rgb } from '../../../kit/colour.ts';
import type { MotionTime } from '../../../kit/motion.ts';
import type { BodyFrames } from '../recording/recording.ts';
import { type BoxMm, bodyBox, leftToRight } from './body-box.ts';
import { type BodyLook, makeBody, type StageBody } from './stage-body.ts';

export interface StageActor {
  id: string;
  frames: BodyFrames;
  map: ClockMap | undefined;
  look: BodyLook;
}

export type StageView = 'front' | 'side' | 'top';

const UP: Record<AxisDirection, [number, number, number]> = {
  '+x': [1, 0, 0],
  '-x': [-1, 0, 0],
  '+y': [0, 1, 0],
  '-y': [0, -1, 0],
  '+z': [0, 0, 1],
  '-z': [0, 0, -1],
};
const FAR_MM = 20_000;
/** Between rooms that know nothing of each other. */
const BESIDE_MM = 400;

interface Placed extends StageActor {
  body: StageBody;
  shown: number;
}

/** Something else on the stage that follows the cursor: bones, forces. */
export interface StageExtra {
  id: string;
  up: AxisDirection | undefined;
  /** what it adds to the picture; undefined where bodies hold it already */
  box: BoxMm | undefined;
  make(): StageProp;
}

export interface StageProp {
  object: Object3D;
  /** to a moment of the screen's clock · s */
  moveTo(timeS: number): void;
  dispose(): void;
}

/** What stands in a room: its object, its box, its vertical. */
interface Standing {
  up: AxisDirection | undefined;
  box: BoxMm | undefined;
  object: Object3D;
}

export class StageEngine {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new OrthographicCamera(-1, 1, 1, -1, 1, 2 * FAR_MM);
  private readonly controls: OrbitControls;
  private readonly stops: (() => void)[] = [];
  private readonly element: HTMLElement;
  private readonly time: MotionTime;
  private actors: Placed[] = [];
  private extras: { extra: StageExtra; prop: StageProp }[] = [];
  private zoomTold: ((pixelsPerMm: number) => void) | undefined;
  private zoomed = 0;
  private room = new Group();
  private box: Box3 | undefined;
  private ticket = 0;
  private touched = false;
  /** the body's right, level · unit */
  private readonly right = new Vector3(1, 0, 0);

  constructor(element: HTMLElement, time: MotionTime, software: boolean) {
    this.element = element;
    this.time = time;
    this.renderer = new WebGLRenderer({ antialias: !software, alpha: true, preserveDrawingBuffer: false });
    this.renderer.setPixelRatio(software ? 1 : Math.min(2, window.devicePixelRatio || 1));
    element.append(this.renderer.domElement);
    const lamp = new DirectionalLight('#fffaf2', 2.2);
    lamp.position.set(0.4, 1, 0.8);
    this.scene.add(new AmbientLight('#ffffff', 1.1), lamp, this.room);
    this.controls = new OrbitControls(this.camera, this.renderer.domElement);
    this.controls.addEventListener('change', () => this.schedule());
    this.controls.addEventListener('start', () => {
      this.touched = true;
    });
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(element);
    this.stops.push(
      () => observer.disconnect(),
      time.subscribe(() => this.schedule()),
    );
    this.resize();
  }

  dispose(): void {
    cancelAnimationFrame(this.ticket);
    for (const stop of this.stops) stop();
    for (const { body } of this.actors) body.dispose();
    for (const { prop } of this.extras) prop.dispose();
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.domElement.remove();
  }

  setActors(actors: readonly StageActor[], extras: readonly StageExtra[], line: Rgb): void {
    for (const { object, dispose } of [
      ...this.actors.map(({ body }) => body),
      ...this.extras.map(({ prop }) => prop),
    ]) {
      this.room.remove(object);
      dispose();
    }
    this.extras = extras.map((extra) => ({ extra, prop: extra.make() }));
    for (const { prop } of this.extras) this.room.add(prop.object);
    this.actors = actors.map((actor) => ({ ...actor, body: makeBody(actor.frames, actor.look), shown: -1 }));
    for (const { body } of this.actors) this.room.add(body.object);
    const before = this.box;
    this.box = this.place();
    this.face(actors);
    this.layFloor(line);
    if (!this.touched || !before) this.view('front');
    this.schedule();
  }

  view(from: StageView): void {
    const { box } = this;
    if (!box) return;
    const centre = box.getCenter(new Vector3());
    const size = box.getSize(new Vector3());
    const up = new Vector3(0, 1, 0);
    // whoever faces the reader has his right on the left of the screen
    const forward = new Vector3().crossVectors(up, this.right);
    const along = {
      front: forward.clone().setY(0.12),
      side: this.right.clone().setY(0.12),
      top: up.clone().addScaledVector(forward, 0.001),
    }[from];
    this.controls.target.copy(centre);
    this.camera.position.copy(centre).addScaledVector(along.normalize(), FAR_MM);
    this.camera.up.set(0, 1, 0);
    const { clientWidth: width, clientHeight: height } = this.element;
    const screen = from === 'side' ? forward : this.right;
    const across = Math.abs(size.x * screen.x) + Math.abs(size.z * screen.z);
    const tall = from === 'top' ? Math.max(size.x, size.z) : size.y;
    this.camera.zoom = 0.86 * Math.min(width / Math.max(across, 1), height / Math.max(tall, 1));
    this.camera.updateProjectionMatrix();
    this.controls.update();
    this.schedule();
  }

  reset(): void {
    this.touched = false;
    this.view('front');
  }

  /** Tells how many pixels a millimetre takes, now and whenever that changes. */
  watchZoom(told: ((pixelsPerMm: number) => void) | undefined): void {
    this.zoomTold = told;
    told?.(this.camera.zoom);
  }

  /** The picture as it stands, and how large a millimetre is in it · CSS px */
  capture(): { canvas: HTMLCanvasElement; pixelsPerMm: number } {
    this.renderer.render(this.scene, this.camera);
    const canvas = document.createElement('canvas');
    const source = this.renderer.domElement;
    canvas.width = source.width;
    canvas.height = source.height;
    canvas.getContext('2d')?.drawImage(source, 0, 0);
    return { canvas, pixelsPerMm: this.camera.zoom };
  }

  /**
   * Stands every body upright. Bodies whose frames have another axis up come from another room: each of those rooms is set down
   * beside the ones before, on the same floor.
   * @returns the box that holds all
   */
  private place(): Box3 | undefined {
    const standing: Standing[] = [
      ...this.actors.map(({ frames, body }) => ({ up: frames.up, box: bodyBox(frames), object: body.object })),
      ...this.extras.map(({ extra, prop }) => ({ up: extra.up, box: extra.box, object: prop.object })),
    ];
    const rooms = Map.groupBy(standing, (one) => one.up ?? '+y');
    let all: Box3 | undefined;
    for (const [up, members] of rooms) {
      const turn = new Quaternion().setFromUnitVectors(new Vector3(...UP[up]), new Vector3(0, 1, 0));
      const boxes = members.map(({ box }) => box).filter((box) => box !== undefined);
      if (boxes.length === 0) continue;
      const { low, high } = joined(boxes);
      const box = new Box3(new Vector3(...low), new Vector3(...high)).applyMatrix4(
        new Matrix4().makeRotationFromQuaternion(turn),
      );
      const shift = new Vector3();
      if (all) {
        shift.set(all.max.x + BESIDE_MM - box.min.x, all.min.y - box.min.y, all.min.z - box.min.z);
        box.translate(shift);
      }
      for (const { object } of members) {
        object.quaternion.copy(turn);
        object.position.copy(shift);
      }
      all = all ? all.union(box) : box;
    }
    return all;
  }

  /** Finds where the body faces, so that the front is its front: forward is up × right. */
  private face(actors: readonly StageActor[]): void {
    this.right.set(1, 0, 0);
    const named = actors.find(({ frames }) => frames.type === 'points' && leftToRight(frames));
    const right = named?.frames.type === 'points' ? leftToRight(named.frames) : undefined;
    if (!named || !right) return;
    const turn = new Quaternion().setFromUnitVectors(new Vector3(...UP[named.frames.up ?? '+y']), new Vector3(0, 1, 0));
    const turned = new Vector3(right[0], right[1], right[2]).applyQuaternion(turn).setY(0);
    if (turned.length() > 1) this.right.copy(turned.normalize());
  }

  private layFloor(line: Rgb): void {
    this.scene.remove(...this.scene.children.filter((child) => child instanceof GridHelper));
    if (!this.box) return;
    const { box } = this;
    const size = box.getSize(new Vector3());
    const side = Math.max(1000, Math.ceil(Math.max(size.x, size.z) / 500) * 500 + 500);
    const colour = new Color(`rgb(${line.join(',')})`);
    const floor = new GridHelper(side, side / 250, colour, colour);
    const centre = box.getCenter(new Vector3());
    floor.position.set(centre.x, box.min.y, centre.z);
    this.scene.add(floor);
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width < 2 || height < 2) return;
    this.renderer.setSize(width, height, false);
    Object.assign(this.camera, { left: -width / 2, right: width / 2, top: height / 2, bottom: -height / 2 });
    this.camera.updateProjectionMatrix();
    if (!this.touched) this.view('front');
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
    const { timeS } = this.time.get();
    for (const actor of this.actors) {
      const { frames, map } = actor;
      const own = map ? unmapTimeS(map, timeS) : timeS;
      const frame = Math.min(frames.count - 1, Math.max(0, sampleAt(frames, own, frames.count)));
      if (frame === actor.shown) continue;
      actor.shown = frame;
      actor.body.show(frame);
    }
    for (const { prop } of this.extras) prop.moveTo(timeS);
    if (this.zoomed !== this.camera.zoom) {
      this.zoomed = this.camera.zoom;
      this.zoomTold?.(this.zoomed);
    }
    this.renderer.render(this.scene, this.camera);
  }
}

function joined(boxes: readonly BoxMm[]): BoxMm {
  const low = boxes[0].low.map((_, a) => Math.min(...boxes.map((box) => box.low[a]))) as BoxMm['low'];
  const high = boxes[0].high.map((_, a) => Math.max(...boxes.map((box) => box.high[a]))) as BoxMm['high'];
  return { low, high };
}
