/** What is drawn over the surfaces of a scene: evidence, measurements, centre line, crosshair. Seen through the bone. */

import { useThree } from '@react-three/fiber';
import { useEffect, useMemo } from 'react';
import {
  BufferGeometry,
  CircleGeometry,
  DoubleSide,
  Float32BufferAttribute,
  MeshBasicMaterial,
  PointsMaterial,
  Quaternion,
  Vector3,
} from 'three';
import { LineMaterial } from 'three/addons/lines/LineMaterial.js';
import { LineSegments2 } from 'three/addons/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/addons/lines/LineSegmentsGeometry.js';
import type { WireMeasurement } from '../../../contract/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import type { Overlay } from '../../kit/overlay.ts';
import { measureAnchor, measureStrokes, measureText } from '../measure/measure-geometry.ts';
import { INK } from '../slice/paint-overlay.ts';

export interface SceneInk {
  chosen: string;
  measure: string;
  quiet: string;
}

/** Inks of a scene: the slices' own on dark ground, deeper ones on light ground. */
export function sceneInk(dark: boolean): SceneInk {
  return dark
    ? { chosen: INK.chosen, measure: INK.measure, quiet: '#9fb2c4' }
    : { chosen: '#0a63b0', measure: '#9a5b00', quiet: '#5b6f82' };
}

type Segment = readonly [Vec3, Vec3];

/** Straight strokes of a fixed width on the screen. */
function Strokes({
  segments,
  ink,
  width,
  dashed = false,
  opacity = 1,
}: {
  segments: readonly Segment[];
  ink: string;
  width: number;
  dashed?: boolean;
  opacity?: number;
}) {
  const size = useThree((state) => state.size);
  const line = useMemo(() => {
    const geometry = new LineSegmentsGeometry();
    geometry.setPositions(segments.flatMap(([a, b]) => [...a, ...b]));
    const material = new LineMaterial({
      color: ink,
      linewidth: width,
      transparent: true,
      opacity,
      depthTest: false,
      dashed,
      dashSize: 3,
      gapSize: 2.5,
    });
    const made = new LineSegments2(geometry, material);
    made.computeLineDistances();
    made.renderOrder = 20;
    made.raycast = () => {};
    return made;
  }, [segments, ink, width, dashed, opacity]);
  line.material.resolution.set(size.width, size.height);
  useEffect(
    () => () => {
      line.geometry.dispose();
      line.material.dispose();
    },
    [line],
  );
  return <primitive object={line} />;
}

const ROUND = new CircleGeometry(1, 48);

function Patch({ centre, normal, radiusMm, ink }: { centre: Vec3; normal: Vec3; radiusMm: number; ink: string }) {
  const turn = useMemo(
    () => new Quaternion().setFromUnitVectors(new Vector3(0, 0, 1), new Vector3(...normal).normalize()),
    [normal],
  );
  const material = useMemo(
    () => new MeshBasicMaterial({ color: ink, transparent: true, opacity: 0.34, side: DoubleSide, depthTest: false }),
    [ink],
  );
  const rim = useMemo(() => {
    const points = Array.from({ length: 49 }, (_, i) =>
      new Vector3(Math.cos((i * Math.PI) / 24), Math.sin((i * Math.PI) / 24), 0)
        .multiplyScalar(radiusMm)
        .applyQuaternion(turn),
    );
    return points.slice(1).map((p, i): Segment => [shifted(points[i], centre), shifted(p, centre)]);
  }, [centre, radiusMm, turn]);
  return (
    <>
      <mesh
        geometry={ROUND}
        material={material}
        position={[...centre]}
        quaternion={turn}
        scale={radiusMm}
        renderOrder={18}
        raycast={() => null}
      />
      <Strokes segments={rim} ink={ink} width={1.5} />
    </>
  );
}

function shifted(p: Vector3, by: Vec3): Vec3 {
  return [p.x + by[0], p.y + by[1], p.z + by[2]];
}

function Dots({ points, ink, size = 7 }: { points: readonly Vec3[]; ink: string; size?: number }) {
  const geometry = useMemo(
    () => new BufferGeometry().setAttribute('position', new Float32BufferAttribute(points.flat(), 3)),
    [points],
  );
  const material = useMemo(() => {
    const made = new PointsMaterial({ color: ink, size, sizeAttenuation: false, depthTest: false, transparent: true });
    made.onBeforeCompile = (shader) => {
      shader.fragmentShader = shader.fragmentShader.replace(
        '#include <clipping_planes_fragment>',
        '#include <clipping_planes_fragment>\n if ( length( gl_PointCoord - 0.5 ) > 0.5 ) discard;',
      );
    };
    return made;
  }, [ink, size]);
  useEffect(() => () => geometry.dispose(), [geometry]);
  return <points geometry={geometry} material={material} renderOrder={22} raycast={() => null} />;
}

export interface SceneMarksProps {
  overlays: readonly Overlay[];
  measurements: readonly WireMeasurement[];
  chosenMeasurement?: string;
  draft?: readonly Vec3[];
  crosshair?: Vec3;
  ink: SceneInk;
}

export function SceneMarks({ overlays, measurements, chosenMeasurement, draft, crosshair, ink }: SceneMarksProps) {
  return (
    <>
      {overlays.map((overlay) => (
        <OverlayMarks key={overlay.id} overlay={overlay} ink={ink[overlay.tone]} />
      ))}
      {measurements.map((item) => (
        <MeasureMarks key={item.id} item={item} ink={ink.measure} chosen={item.id === chosenMeasurement} />
      ))}
      {draft && draft.length > 0 ? <Dots points={draft} ink={ink.measure} size={9} /> : null}
      {crosshair ? <CrosshairMark at={crosshair} /> : null}
    </>
  );
}

function OverlayMarks({ overlay, ink }: { overlay: Overlay; ink: string }) {
  const { solid, dashed, paths, points } = useMemo(() => {
    const strokes = overlay.items.filter((item) => item.type === 'line');
    const segment = (item: (typeof strokes)[number]): Segment => [item.from, item.to];
    return {
      solid: strokes.filter((s) => !s.dashed).map(segment),
      dashed: strokes.filter((s) => s.dashed).map(segment),
      paths: overlay.items.flatMap((item) =>
        item.type === 'path' ? item.points.slice(1).map((p, i): Segment => [item.points[i], p]) : [],
      ),
      points: overlay.items.flatMap((item) => (item.type === 'point' ? [item.at] : [])),
    };
  }, [overlay]);
  return (
    <>
      {solid.length > 0 ? <Strokes segments={solid} ink={ink} width={2.5} /> : null}
      {dashed.length > 0 ? <Strokes segments={dashed} ink={ink} width={1.75} dashed /> : null}
      {paths.length > 0 ? <Strokes segments={paths} ink={ink} width={2} opacity={0.9} /> : null}
      {points.length > 0 ? <Dots points={points} ink={ink} /> : null}
      {overlay.items.map((item, i) =>
        item.type === 'patch' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the items of one overlay never change places
          <Patch key={i} centre={item.centre} normal={item.normal} radiusMm={item.radiusMm} ink={ink} />
        ) : null,
      )}
    </>
  );
}

function MeasureMarks({ item, ink, chosen }: { item: WireMeasurement; ink: string; chosen: boolean }) {
  const points = item.points as Vec3[];
  const segments = useMemo(
    () =>
      measureStrokes(item.type, points)
        .filter(({ dashed }) => !dashed)
        .map((s): Segment => [s.from, s.to]),
    [item.type, points],
  );
  return (
    <>
      <Strokes segments={segments} ink={ink} width={chosen ? 3 : 2} />
      <Dots points={points} ink={ink} size={chosen ? 9 : 6} />
    </>
  );
}

function CrosshairMark({ at }: { at: Vec3 }) {
  const arms = useMemo(() => {
    const arm = (axis: number): Segment[] => {
      const end = (s: number): Vec3 => [0, 1, 2].map((a) => at[a] + (a === axis ? s : 0)) as unknown as Vec3;
      return [
        [end(-22), end(-6)],
        [end(6), end(22)],
      ];
    };
    return [arm(0), arm(1), arm(2)];
  }, [at]);
  return (
    <>
      <Strokes segments={arms[0]} ink={INK.planes.sagittal} width={1.75} opacity={0.9} />
      <Strokes segments={arms[1]} ink={INK.planes.coronal} width={1.75} opacity={0.9} />
      <Strokes segments={arms[2]} ink={INK.planes.axial} width={1.75} opacity={0.9} />
    </>
  );
}

export interface SceneLabel {
  at: Vec3;
  text: string;
  ink: string;
}

/** The words that stand in a scene; drawn as text over it, so that they stay sharp. */
export function sceneLabels({
  overlays,
  measurements,
  ink,
}: Pick<SceneMarksProps, 'overlays' | 'measurements' | 'ink'>): SceneLabel[] {
  const labels: SceneLabel[] = [];
  for (const overlay of overlays)
    for (const item of overlay.items) {
      if (item.type === 'line' && item.label) labels.push({ at: item.to, text: item.label, ink: ink[overlay.tone] });
      if (item.type === 'point' && item.label) labels.push({ at: item.at, text: item.label, ink: ink[overlay.tone] });
    }
  for (const item of measurements)
    labels.push({ at: measureAnchor(item.type, item.points as Vec3[]), text: measureText(item), ink: ink.measure });
  return labels;
}
