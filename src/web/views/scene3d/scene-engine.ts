/** The machine room of a scene: what has loaded, where the camera is told to look, what lies under the cursor. */

import type { RootState } from '@react-three/fiber';
import { createRef, type PointerEvent } from 'react';
import { Mesh, type OrthographicCamera, Raycaster, Vector2, Vector3 } from 'three';
import { acceleratedRaycast } from 'three-mesh-bvh';
import type { Vec3 } from '../../../model/index.ts';
import { scaleBarMm, scaleBarText } from '../slice/plane.ts';
import { drawsInSoftware, LevelOfDetail, softwareRatio } from './level-of-detail.ts';
import type { MarkerHandle } from './orientation-marker.tsx';
import type { SceneLabel } from './scene-marks.tsx';
import { type RigHandle, screenAxes } from './scene-rig.tsx';
import { type Box, boxUnion, type StandardView } from './standard-views.ts';

interface Hit {
  at: Vec3;
  id: string;
  level?: string;
  name: string;
}

const CLICK_PIXELS = 4;

export class SceneEngine {
  readonly rig = createRef<RigHandle>();
  readonly marker = createRef<MarkerHandle>();
  readonly labelBox = createRef<HTMLDivElement>();
  readonly scaleBox = createRef<HTMLDivElement>();
  readonly tip = createRef<HTMLDivElement>();
  detail: LevelOfDetail | undefined;
  three: RootState | undefined;
  private readonly loaded = new Map<string, { box: Box; triangles: number }>();
  private framed: readonly string[] = [];
  private labels: readonly SceneLabel[] = [];
  private wish: { at: Vec3; radiusMm: number } | undefined;
  private pressed: { x: number; y: number } | undefined;
  private hoverTicket = 0;
  private readonly ray = new Raycaster();

  /** @param light - light copies are enough, as for a small picture that nobody turns */
  begin(three: RootState, light: boolean): void {
    this.three = three;
    this.detail = new LevelOfDetail(drawsInSoftware(), three.invalidate, light && drawsInSoftware());
  }

  ready(id: string, box: Box, triangles: number): number {
    this.loaded.set(id, { box, triangles });
    this.frameAll(false);
    if (this.wish && this.rig.current) this.rig.current.lookAt(this.wish.at, this.wish.radiusMm);
    this.wish = undefined;
    return this.total();
  }

  gone(id: string): number {
    this.loaded.delete(id);
    return this.total();
  }

  setFramed(ids: readonly string[]): void {
    this.framed = ids;
    this.frameAll(false);
  }

  setLabels(labels: readonly SceneLabel[]): void {
    this.labels = labels;
    this.three?.invalidate();
  }

  /** Looks there, at once or when the scene has come. */
  lookAt(at: Vec3, radiusMm: number): void {
    if (this.rig.current) this.rig.current.lookAt(at, radiusMm);
    else this.wish = { at, radiusMm };
  }

  reset(view: StandardView): void {
    this.rig.current?.view(view);
    this.frameAll(true);
  }

  /** surfaces that are there */
  get count(): number {
    return this.loaded.size;
  }

  private total(): number {
    let sum = 0;
    for (const { triangles } of this.loaded.values()) sum += triangles;
    return sum;
  }

  private frameAll(force: boolean): void {
    const chosen = this.framed.map((id) => this.loaded.get(id)?.box).filter((box) => box !== undefined);
    const box = boxUnion(chosen.length > 0 ? chosen : [...this.loaded.values()].map((entry) => entry.box));
    if (box) this.rig.current?.fit(box, force);
  }

  onResize = (): void => {
    if ((this.three?.size.width ?? 0) > 0) this.frameAll(false);
  };

  onFrame = (camera: OrthographicCamera): void => {
    const [right, up] = screenAxes(camera);
    this.marker.current?.turn(right, up);
    this.placeLabels(camera);
    this.chooseRatio();
    const bar = this.scaleBox.current;
    if (!bar) return;
    const mm = scaleBarMm(1 / camera.zoom);
    if (bar.childNodes.length === 0) bar.append(document.createElement('span'), document.createElement('i'));
    const [text, line] = bar.children as unknown as HTMLElement[];
    text.textContent = scaleBarText(mm);
    line.style.width = `${mm * camera.zoom}px`;
  };

  /** Called just before a frame is drawn, so that no empty canvas is ever shown. */
  private chooseRatio(): void {
    const { three, detail } = this;
    if (!three || !detail || !drawsInSoftware()) return;
    const { width, height } = three.size;
    const ratio = softwareRatio(width, height, detail.moving);
    if (Math.abs(three.gl.getPixelRatio() - ratio) > 1e-3) three.gl.setPixelRatio(ratio);
  }

  /** Something outside moves with the scene, such as the crosshair. */
  moved(): void {
    this.detail?.move();
  }

  private placeLabels(camera: OrthographicCamera): void {
    const spans = this.labelBox.current?.children;
    const size = this.three?.size;
    if (!spans || !size) return;
    this.labels.forEach((label, i) => {
      const p = new Vector3(...label.at).project(camera);
      const x = ((p.x + 1) / 2) * size.width + 6;
      const y = ((1 - p.y) / 2) * size.height - 18;
      const span = spans[i] as HTMLElement | undefined;
      if (!span) return;
      span.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      span.style.visibility = 'visible';
    });
  }

  /** Handlers for the element around the canvas. */
  gestures(
    measured: ((at: Vec3) => void) | undefined,
    pick: ((at: Vec3, surface: { id: string; level?: string }) => void) | undefined,
  ) {
    return {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        this.pressed =
          event.button === 0 && !(event.target as HTMLElement).closest('button')
            ? { x: event.clientX, y: event.clientY }
            : undefined;
        this.showTip(undefined, 0, 0);
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const { pressed } = this;
        this.pressed = undefined;
        if (!pressed || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > CLICK_PIXELS) return;
        const hit = this.hit(event, measured !== undefined);
        if (!hit) return;
        if (measured) measured(hit.at);
        else pick?.(hit.at, hit);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (event.buttons !== 0 || event.pointerType === 'touch' || this.hoverTicket !== 0) return;
        const { clientX, clientY } = event;
        const box = event.currentTarget.getBoundingClientRect();
        this.hoverTicket = requestAnimationFrame(() => {
          this.hoverTicket = 0;
          this.showTip(this.hit({ clientX, clientY }, false), clientX - box.left, clientY - box.top);
        });
      },
      onPointerLeave: () => this.showTip(undefined, 0, 0),
    };
  }

  private showTip(hit: Hit | undefined, x: number, y: number): void {
    const tip = this.tip.current;
    if (!tip) return;
    tip.style.visibility = hit ? 'visible' : 'hidden';
    if (!hit) return;
    tip.textContent = hit.name;
    tip.style.transform = `translate(${Math.min(x + 14, (this.three?.size.width ?? 0) - 80)}px, ${y + 12}px)`;
  }

  /** The surface under a pixel: by the light copies, or by the full ones where the point itself matters. Glass lets the ray through. */
  private hit(event: { clientX: number; clientY: number }, exact: boolean): Hit | undefined {
    if (!this.three) return undefined;
    const { gl, camera, scene } = this.three;
    const box = gl.domElement.getBoundingClientRect();
    const at = new Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
    this.ray.setFromCamera(at, camera);
    this.ray.firstHitOnly = true;
    const meshes: Mesh[] = [];
    scene.traverse((object) => {
      if (object instanceof Mesh && object.userData.surface && Boolean(object.userData.coarse) === !exact)
        meshes.push(object);
    });
    const hits = meshes.flatMap((mesh) => {
      const found: Parameters<Mesh['raycast']>[1] = [];
      if (mesh.geometry.boundsTree) acceleratedRaycast.call(mesh, this.ray, found);
      else mesh.raycast(this.ray, found);
      return found;
    });
    hits.sort((a, b) => a.distance - b.distance);
    const solid = hits.find((h) => h.object.renderOrder < 5) ?? hits[0];
    if (!solid) return undefined;
    const { surface, level, name } = solid.object.userData as { surface: string; level?: string; name: string };
    return { at: [solid.point.x, solid.point.y, solid.point.z], id: surface, level, name };
  }
}
