/** The scene: surfaces of the twin, turned, picked, measured; drawn on demand. */

import { Canvas } from '@react-three/fiber';
import { IconArrowsMaximize, IconArrowsMinimize } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { WireMeasurement } from '../../../contract/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import { messageOf } from '../../../model/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import type { Overlay } from '../../kit/overlay.ts';
import { captureScene } from './capture-scene.ts';
import { drawsInSoftware, howItDraws } from './level-of-detail.ts';
import { OrientationMarker } from './orientation-marker.tsx';
import { SceneEngine } from './scene-engine.ts';
import { SceneMarks, sceneInk, sceneLabels } from './scene-marks.tsx';
import { SceneRig } from './scene-rig.tsx';
import { type SceneSurface, SceneSurfaces } from './scene-surfaces.tsx';
import classes from './scene-view.module.css';
import { STANDARD_VIEWS, type StandardView } from './standard-views.ts';

export interface SceneViewProps {
  surfaces: readonly SceneSurface[];
  overlays: readonly Overlay[];
  measurements: readonly WireMeasurement[];
  chosenMeasurement?: string;
  crosshair?: Vec3;
  /** a distance is being drawn */
  measuring: boolean;
  dark: boolean;
  first: StandardView;
  maximised: boolean;
  emptyText: string;
  /** a picture that neither turns nor answers: the body of the overview */
  still?: boolean;
  handle?: Ref<SceneViewHandle>;
  onPick?(at: Vec3, surface: { id: string; level?: string }): void;
  onMeasured?(points: [Vec3, Vec3]): void;
  onMaximise?(): void;
}

export interface SceneViewHandle {
  view(view: StandardView): void;
  reset(): void;
  lookAt(at: Vec3, radiusMm: number): void;
  cancel(): boolean;
  capture(scale: number): HTMLCanvasElement | undefined;
}

export function SceneView(props: SceneViewProps) {
  const { surfaces, overlays, measurements, dark, still = false, maximised, onMaximise } = props;
  const box = useRef<HTMLDivElement>(null);
  const [engine] = useState(() => new SceneEngine());
  const [begun, setBegun] = useState(false);
  const [triangles, setTriangles] = useState(0);
  const [loaded, setLoaded] = useState(0);
  const [problem, setProblem] = useState<string>();
  const [draft, setDraft] = useState<Vec3[]>([]);
  const ink = sceneInk(dark);
  const labels = useMemo(
    () => sceneLabels({ overlays, measurements, ink: sceneInk(dark) }),
    [overlays, measurements, dark],
  );
  useEffect(() => engine.setLabels(labels), [engine, labels]);
  useEffect(() => engine.setFramed(surfaces.filter((s) => s.framed).map((s) => s.id)), [engine, surfaces]);
  useEffect(() => () => engine.detail?.dispose(), [engine]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new place of the crosshair is a step of a motion
  useEffect(() => engine.moved(), [engine, props.crosshair]);

  const events = useMemo(
    () => ({
      onReady: (id: string, extent: Parameters<SceneEngine['ready']>[1], count: number) => {
        setTriangles(engine.ready(id, extent, count));
        setLoaded(engine.count);
      },
      onGone: (id: string) => {
        setTriangles(engine.gone(id));
        setLoaded(engine.count);
      },
      onError: (name: string, error: unknown) => setProblem(`${name}: ${messageOf(error)}`),
    }),
    [engine],
  );

  const measured = useCallback(
    (at: Vec3) => {
      const points = [...draft, at];
      if (points.length === 2) {
        setDraft([]);
        props.onMeasured?.([points[0], points[1]]);
      } else setDraft(points);
    },
    [draft, props.onMeasured],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the tool drops what was begun
  useEffect(() => setDraft([]), [props.measuring]);

  useImperativeHandle(props.handle, () => ({
    view: (view) => engine.rig.current?.view(view),
    reset: () => engine.reset(props.first),
    lookAt: (at, radiusMm) => engine.lookAt(at, radiusMm),
    cancel: () => {
      const had = draft.length > 0;
      setDraft([]);
      return had;
    },
    capture: (scale) => (engine.three ? captureScene(engine.three, labels, box.current, scale) : undefined),
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || still) return;
    const digit = /^(?:Digit|Numpad)([137])$/.exec(event.code)?.[1];
    const view = digit
      ? ({ 1: ['A', 'P'], 3: ['L', 'R'], 7: ['S', 'I'] } as const)[digit as '1' | '3' | '7'][event.shiftKey ? 1 : 0]
      : undefined;
    if (view) engine.rig.current?.view(view);
    else if (event.key === 'r' || event.key === 'R') engine.reset(props.first);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const gestures = still ? {} : engine.gestures(props.measuring ? measured : undefined, props.onPick);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is img or group, both are named
    // biome-ignore lint/a11y/noStaticElementInteractions: turning, picking and keys act on the picture as a whole
    <div
      ref={box}
      className={`${classes.view} ${props.measuring ? classes.picking : ''}`}
      tabIndex={still ? undefined : 0}
      role={still ? 'img' : 'group'}
      aria-label={still ? 'The body as far as it is known' : '3D scene'}
      data-testid="scene"
      data-triangles={triangles}
      onKeyDown={onKeyDown}
      onDoubleClick={still ? undefined : onMaximise}
      onContextMenu={(event) => event.preventDefault()}
      {...gestures}
    >
      {howItDraws() === 'none' ? (
        <div className={classes.note}>This browser does not draw in 3D: WebGL is off. The slices work without it.</div>
      ) : (
        <Canvas
          orthographic
          frameloop="demand"
          dpr={drawsInSoftware() ? 1 : [1, 2]}
          flat
          gl={{ antialias: !drawsInSoftware(), alpha: true, powerPreference: 'high-performance' }}
          onCreated={(state) => {
            engine.begin(state, still);
            setBegun(true);
          }}
          aria-hidden="true"
        >
          {begun && engine.detail ? (
            <>
              <SceneRig
                handle={engine.rig}
                detail={engine.detail}
                first={props.first}
                turnable={!still}
                onResize={engine.onResize}
                onFrame={engine.onFrame}
              />
              <SceneSurfaces surfaces={surfaces} detail={engine.detail} events={events} />
              <SceneMarks
                overlays={overlays}
                measurements={measurements}
                chosenMeasurement={props.chosenMeasurement}
                draft={draft}
                crosshair={props.crosshair}
                ink={ink}
              />
            </>
          ) : null}
        </Canvas>
      )}
      <div className={classes.labels} ref={engine.labelBox}>
        {labels.map((label, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: labels are placed by their order
          <span key={i} style={{ color: label.ink }}>
            {label.text}
          </span>
        ))}
      </div>
      {still ? null : (
        <>
          <div className={classes.title}>
            3D
            {loaded < surfaces.length ? <span>{`loading ${loaded} of ${surfaces.length}`}</span> : null}
          </div>
          <div className={classes.scale} ref={engine.scaleBox} />
          <OrientationMarker handle={engine.marker} />
          <div className={classes.views} role="toolbar" aria-label="Standard views">
            {(Object.keys(STANDARD_VIEWS) as StandardView[]).map((view) => (
              <button
                key={view}
                type="button"
                title={`From ${STANDARD_VIEWS[view].name} (${STANDARD_VIEWS[view].key})`}
                aria-label={`View from ${STANDARD_VIEWS[view].name}`}
                onClick={() => engine.rig.current?.view(view)}
              >
                {view}
              </button>
            ))}
          </div>
          <div className={classes.tip} ref={engine.tip} role="status" />
          <div className={classes.corner}>
            <IconAction name={maximised ? 'Show all scenes' : '3D alone'} size={24} onClick={onMaximise}>
              {maximised ? <IconArrowsMinimize size={15} /> : <IconArrowsMaximize size={15} />}
            </IconAction>
          </div>
        </>
      )}
      {surfaces.length === 0 ? <div className={classes.note}>{props.emptyText}</div> : null}
      {problem ? (
        <div className={classes.error} role="alert">
          {problem}
        </div>
      ) : null}
    </div>
  );
}
