/** The spine: scenes in the middle, panels at the right, all linked. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { saveBlob } from '../../kit/download.ts';
import { type FeaturePicture, useFeaturePicture } from '../../kit/number/feature-hover.tsx';
import type { PanelProps, Selection } from '../../kit/panel.ts';
import { type Command, useCommands } from '../../state/commands.ts';
import { removeMeasurement, renameMeasurement, useMeasurements } from '../../state/measurements.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { useDefinitions, useSpine } from '../../state/queries.ts';
import { toast } from '../../state/toasts.ts';
import { redo, undo, useUndo } from '../../state/undo.ts';
import { type SceneId, setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { EvidencePicture } from '../../views/column/evidence-picture.tsx';
import { TOOL_NAMES } from '../../views/measure/measure-geometry.ts';
import { STANDARD_VIEWS, type StandardView } from '../../views/scene3d/standard-views.ts';
import twin from '../twin/twin-screen.module.css';
import { ExportMenu } from './export-menu.tsx';
import { exportPicture } from './export-picture.ts';
import { chooseAndLook, firstPlaceOf, useOverlays } from './scene-data.ts';
import { SceneGrid, type SceneHandles } from './scene-grid.tsx';
import { SceneToolbar, TOOLS } from './scene-toolbar.tsx';
import { PanelSheet, SidePanel } from './side-panel.tsx';
import { copyLink, levelsOf, nextLevel, panelActions, togglePanel } from './spine-actions.ts';

export function SpineScreen({ view, narrow }: { view: TwinView; narrow: boolean }) {
  const handles = useRef<SceneHandles>({ scene: null, axial: null, sagittal: null, coronal: null, grid: null });
  const definitions = useDefinitions();
  const { spine, curve } = useSpine(view);
  const panelOpen = usePreferences((state) => state.panelOpen);
  const [scene, setScene] = useState<SceneId>('scene');
  const drawing = useMemo(() => ({ spine, curve, definitions }), [spine, curve, definitions]);
  useFeaturePicture(
    useCallback<FeaturePicture>(
      (feature, definition) =>
        spine ? <EvidencePicture feature={feature} definition={definition} spine={spine} /> : null,
      [spine],
    ),
  );
  const firstPlace = useMemo(() => firstPlaceOf(spine), [spine]);
  const overlays = useOverlays(view, drawing);
  const panel = usePanelProps(view, drawing);
  const reset = (): void => {
    for (const id of ['scene', 'axial', 'sagittal', 'coronal'] as const) handles.current[id]?.reset();
  };
  const picture = (): void => {
    exportPicture(handles.current, view).then(
      (blob) => blob && saveBlob(blob, `${view.twin.alias} ${new Date().toISOString().slice(0, 10)}.png`),
      (error: unknown) => toast(`The picture could not be made: ${String(error)}`),
    );
  };
  useAsked(panel);
  const acts = useRef({ reset, picture, panel });
  acts.current = { reset, picture, panel };
  useSpineCommands(view, handles, acts);
  const exportMenu = (
    <ExportMenu view={view} actions={panel.actions} onPicture={picture} onLink={() => void copyLink()} />
  );
  return (
    <>
      <main className={twin.middle}>
        <SceneToolbar
          view={view}
          narrow={narrow}
          scene={scene}
          onScene={setScene}
          onReset={reset}
          exportMenu={exportMenu}
        />
        <SceneGrid
          view={view}
          overlays={overlays}
          handles={handles}
          firstPlace={firstPlace}
          only={narrow ? scene : undefined}
        />
        {narrow ? <PanelSheet panel={panel} /> : null}
      </main>
      {!narrow && panelOpen ? <SidePanel panel={panel} /> : null}
    </>
  );
}

function usePanelProps(view: TwinView, drawing: Parameters<typeof chooseAndLook>[2]): PanelProps {
  const selection = useWorkspace((state) => state.selection);
  const tool = useWorkspace((state) => state.tool);
  const { items, problem } = useMeasurements();
  const canUndo = useUndo((state) => state.done.length > 0);
  const canRedo = useUndo((state) => state.undone.length > 0);
  const actions = useMemo(() => panelActions(view), [view]);
  const select = useCallback((chosen: Selection) => chooseAndLook(view, chosen, drawing), [view, drawing]);
  const measure = useMemo(
    () => ({
      items,
      tool,
      problem: problem?.message,
      setTool: (next: typeof tool) => setWorkspace({ tool: next }),
      rename: renameMeasurement,
      remove: removeMeasurement,
      undo: () => void undo(),
      redo: () => void redo(),
      canUndo,
      canRedo,
    }),
    [items, tool, problem, canUndo, canRedo],
  );
  return useMemo(
    () => ({ view, ...drawing, selection, actions, select, measure }),
    [view, drawing, selection, actions, select, measure],
  );
}

/** what was chosen when the reader last left this screen */
let leftWith: Selection | undefined;

/** Looks at what was pressed on another screen, as soon as the column is known; a link that names a place has the last word. */
function useAsked({ spine, select }: PanelProps): void {
  const asked = useRef<Selection | undefined>(undefined);
  useEffect(() => {
    const { selection } = useWorkspace.getState();
    const linked = new URLSearchParams(location.search).has('at');
    if (selection !== leftWith && !linked && (selection.feature || selection.level)) asked.current = selection;
    return () => {
      leftWith = useWorkspace.getState().selection;
    };
  }, []);
  useEffect(() => {
    if (!spine || !asked.current) return;
    if (useWorkspace.getState().selection === asked.current) select(asked.current);
    asked.current = undefined;
  }, [spine, select]);
}

interface Acts {
  current: { reset(): void; picture(): void; panel: PanelProps };
}

function useSpineCommands(view: TwinView, handles: { current: SceneHandles }, acts: Acts): void {
  const commands = useMemo(() => {
    const levels = levelsOf(view);
    const step = (by: 1 | -1): void => {
      const level = nextLevel(levels, useWorkspace.getState().selection.level, by);
      if (level) acts.current.panel.select({ level });
    };
    const list: Command[] = [
      {
        id: 'measure',
        title: 'Measure',
        group: 'Measure',
        keys: 'm',
        words: 'ruler tools list',
        run: () => startMeasuring(),
      },
      ...TOOLS.map(
        ({ tool, key }): Command => ({
          id: `tool:${tool}`,
          title: TOOL_NAMES[tool],
          group: 'Measure',
          keys: key.toLowerCase(),
          words: 'measure',
          run: () => setWorkspace({ tool, panel: 'measure' }),
        }),
      ),
      {
        id: 'escape',
        title: 'End the tool, show all scenes, choose nothing',
        group: 'View',
        keys: 'escape',
        run: () => stepBack(handles.current),
      },
      { id: 'reset', title: 'Reset all views', group: 'View', keys: 'r', run: () => acts.current.reset() },
      {
        id: 'level-up',
        title: 'Vertebra above',
        group: 'View',
        keys: 'q',
        words: 'previous level label',
        run: () => step(-1),
      },
      {
        id: 'level-down',
        title: 'Vertebra below',
        group: 'View',
        keys: 'w',
        words: 'next level label',
        run: () => step(1),
      },
      { id: 'panel', title: 'Panel', group: 'View', keys: 'p', words: 'open close right', run: togglePanel },
      {
        id: 'picture',
        title: 'Picture as PNG',
        group: 'Export',
        words: 'screenshot save image',
        run: () => acts.current.picture(),
      },
      { id: 'link', title: 'Copy link to this view', group: 'Export', words: 'share url', run: () => void copyLink() },
      {
        id: 'features-csv',
        title: 'Features as CSV',
        group: 'Export',
        words: 'table numbers',
        run: () => acts.current.panel.actions.exportFeatures('csv'),
      },
      {
        id: 'features-json',
        title: 'Features as JSON',
        group: 'Export',
        words: 'table numbers',
        run: () => acts.current.panel.actions.exportFeatures('json'),
      },
    ];
    for (const id of Object.keys(STANDARD_VIEWS) as StandardView[]) {
      const { name, key } = STANDARD_VIEWS[id];
      list.push({
        id: `view:${id}`,
        title: `View from ${name}`,
        group: 'View',
        keys: key.toLowerCase(),
        words: '3d camera anterior posterior superior inferior lateral',
        run: () => handles.current.scene?.view(id),
      });
    }
    for (const level of levels)
      list.push({
        id: `level:${level}`,
        title: `Show ${level}`,
        group: 'Go to',
        words: 'vertebra level find',
        run: () => acts.current.panel.select({ level }),
      });
    return list;
  }, [view, handles, acts]);
  useCommands('spine', commands);
}

function startMeasuring(): void {
  prefer({ panelOpen: true });
  setWorkspace({ panel: 'measure', tool: useWorkspace.getState().tool ?? 'distance' });
}

/** Escape takes back one thing at a time: points being drawn, the tool, one scene alone, what is chosen. */
function stepBack(handles: SceneHandles): void {
  const drawing = (['scene', 'axial', 'sagittal', 'coronal'] as const).some((id) => handles[id]?.cancel());
  if (drawing) return;
  const { tool, maximised } = useWorkspace.getState();
  if (tool) setWorkspace({ tool: undefined });
  else if (maximised) setWorkspace({ maximised: undefined });
  else setWorkspace({ selection: {} });
}
