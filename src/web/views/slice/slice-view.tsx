/** One slice: picture, crosshair, letters, scale bar, numbers under the cursor; linked to its sisters by the crosshair. */

import { IconArrowsMaximize, IconArrowsMinimize } from '@tabler/icons-react';
import { type KeyboardEvent, type Ref, useEffect, useId, useImperativeHandle, useRef } from 'react';
import type { WireMeasurement } from '../../../contract/index.ts';
import type { AnatomicalPlane, Vec3 } from '../../../model/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import type { Overlay } from '../../kit/overlay.ts';
import type { MeasureTool } from '../../kit/panel.ts';
import { INK } from './paint-overlay.ts';
import { PLANE_NAMES, PLANES } from './plane.ts';
import { SliceEngine } from './slice-engine.ts';
import type { LabelLayer } from './slice-picture.ts';
import classes from './slice-view.module.css';
import type { VolumeSource } from './volume-source.ts';
import { CT_PRESETS, type GreyWindow } from './window.ts';

export interface SliceViewProps {
  plane: AnatomicalPlane;
  volume?: VolumeSource;
  /** unit of the grey levels as text, `HU` */
  unit: string;
  labels?: LabelLayer;
  window: GreyWindow;
  crosshair?: Vec3;
  overlays: readonly Overlay[];
  measurements: readonly WireMeasurement[];
  chosenMeasurement?: string;
  tool?: MeasureTool;
  /** grey presets on the number keys, for CT */
  presets: boolean;
  maximised: boolean;
  /** why there is no picture */
  emptyText: string;
  handle?: Ref<SliceViewHandle>;
  onWindow(window: GreyWindow): void;
  onCrosshair(at: Vec3): void;
  onPick(at: Vec3, level: string | undefined): void;
  onMeasured(type: MeasureTool, points: Vec3[], plane: AnatomicalPlane): void;
  onMeasureMoved(id: string, points: Vec3[], final: boolean): void;
  onMaximise(): void;
  /** the first slice of this volume is on the screen */
  onPicture?(): void;
}

export interface SliceViewHandle {
  reset(): void;
  lookAt(at: Vec3, radiusMm: number): void;
  /** stops a measurement that is being drawn; false when there was none */
  cancel(): boolean;
  /** the picture with letters and scale bar */
  capture(scale: number): HTMLCanvasElement | undefined;
}

export function SliceView(props: SliceViewProps) {
  const { plane, volume, handle, maximised, onMaximise } = props;
  const element = useRef<HTMLDivElement>(null);
  const engine = useRef<SliceEngine>(undefined);
  const parts = {
    picture: useRef<HTMLCanvasElement>(null),
    overlay: useRef<HTMLCanvasElement>(null),
    index: useRef<HTMLSpanElement>(null),
    grade: useRef<HTMLDivElement>(null),
    readout: useRef<HTMLDivElement>(null),
    scale: useRef<HTMLDivElement>(null),
    progress: useRef<HTMLDivElement>(null),
  };
  const { picture, overlay, index, grade, readout, scale, progress } = parts;
  const describedBy = useId();

  useEffect(() => {
    const box = element.current;
    if (
      !box ||
      !picture.current ||
      !overlay.current ||
      !index.current ||
      !grade.current ||
      !readout.current ||
      !scale.current ||
      !progress.current
    )
      return;
    const made = new SliceEngine(box, {
      picture: picture.current,
      overlay: overlay.current,
      index: index.current,
      grade: grade.current,
      readout: readout.current,
      scale: scale.current,
      progress: progress.current,
    });
    engine.current = made;
    return () => {
      engine.current = undefined;
      made.dispose();
    };
  }, [picture, overlay, index, grade, readout, scale, progress]);

  // after every render, the engine gets what the screen should show; it draws in the next frame
  useEffect(() => engine.current?.update(props));

  useImperativeHandle(handle, () => ({
    reset: () => engine.current?.reset(),
    lookAt: (at, radiusMm) => engine.current?.lookAt(at, radiusMm),
    cancel: () => engine.current?.cancel() ?? false,
    capture: (factor) => engine.current?.capture(factor),
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const preset = props.presets ? CT_PRESETS.find(({ key }) => key === event.key) : undefined;
    const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (preset) props.onWindow(preset.window);
    else if (step) engine.current?.stepSlice(step);
    else if (event.key === 'r' || event.key === 'R') engine.current?.reset();
    else if (event.key === '+' || event.key === '=') engine.current?.zoomBy(1.25);
    else if (event.key === '-') engine.current?.zoomBy(0.8);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const { letters } = PLANES[plane];
  const name = PLANE_NAMES[plane];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that wheel, drag and keys act on as a whole is no fieldset
    <div
      ref={element}
      className={classes.view}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
      tabIndex={0}
      role="group"
      aria-label={`${name} slice`}
      aria-describedby={describedBy}
      data-testid={`slice-${plane}`}
      onKeyDown={onKeyDown}
      onDoubleClick={onMaximise}
      onContextMenu={(event) => event.preventDefault()}
    >
      <canvas ref={picture} />
      <canvas ref={overlay} />
      <div className={classes.title}>
        <i style={{ background: INK.planes[plane] }} />
        {name}
        <span ref={index} id={describedBy} />
      </div>
      <b className={`${classes.letter} ${classes.left}`}>{letters.left}</b>
      <b className={`${classes.letter} ${classes.right}`}>{letters.right}</b>
      <b className={`${classes.letter} ${classes.top}`}>{letters.top}</b>
      <b className={`${classes.letter} ${classes.bottom}`}>{letters.bottom}</b>
      <div className={classes.readout}>
        <div ref={readout} />
        <div ref={grade} className={classes.grade} />
      </div>
      <div ref={scale} className={classes.scale} />
      <div ref={progress} className={classes.progress} />
      {volume ? null : <div className={classes.note}>{props.emptyText}</div>}
      <div className={classes.corner}>
        <IconAction name={maximised ? `Show all scenes` : `${name} alone`} size={24} onClick={onMaximise}>
          {maximised ? <IconArrowsMinimize size={15} /> : <IconArrowsMaximize size={15} />}
        </IconAction>
      </div>
    </div>
  );
}
