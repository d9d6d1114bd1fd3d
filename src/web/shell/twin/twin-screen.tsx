/** One twin: loads it, keeps it live, and shows the chosen screen in the frame. */

import { Drawer, Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useLayoutEffect } from 'react';
import type { TwinView } from '../../../contract/index.ts';
import { ErrorNote } from '../../kit/notes.tsx';
import { formatMoment } from '../../kit/number/format.ts';
import { recordOf } from '../../state/client.ts';
import { openMeasurements } from '../../state/measurements.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import { go, usePlace, viewFromQuery } from '../../state/place.ts';
import { usePreferences } from '../../state/preferences.ts';
import { type AsOf, useTwinView } from '../../state/queries.ts';
import { clearSteps } from '../../state/undo.ts';
import { openWorkspace } from '../../state/workspace.ts';
import { Timeline } from '../../views/timeline/timeline.tsx';
import { ResearchLine } from '../frame/research-line.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { InferenceScreen } from '../inference/inference-screen.tsx';
import { MotionScreen } from '../motion/motion-screen.tsx';
import { OverviewScreen } from '../overview/overview-screen.tsx';
import { SpineScreen } from '../spine/spine-screen.tsx';
import { RecordSheet } from './record-sheet.tsx';
import { RunSheet } from './run-form.tsx';
import { TwinCommands } from './twin-commands.tsx';
import classes from './twin-screen.module.css';
import { TwinTree } from './twin-tree.tsx';

export const NARROW = '(max-width: 720px)';

export function TwinScreen({ twin }: { twin: string }) {
  const asOf = usePlace((place) => place.asOf);
  const screen = usePlace((place) => place.screen);
  const { data: view, error, refetch } = useTwinView(twin, asOf);
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches, { getInitialValueInEffect: false }) ?? false;
  useLayoutEffect(() => {
    const linked = viewFromQuery(location.search);
    openWorkspace(twin, { crosshair: linked.crosshair, window: linked.window, selection: linked.selection ?? {} });
    clearSteps();
    void openMeasurements(twin);
  }, [twin]);
  useEffect(() => {
    document.title = view ? `${view.twin.alias} · msdt` : 'msdt';
  }, [view]);
  return (
    <div className={classes.screen}>
      <TopBar view={view} withTree />
      {view && narrow ? <Whose view={view} /> : null}
      {asOf.known || asOf.valid ? <PastLine asOf={asOf} /> : null}
      {view ? (
        <TwinBody view={view} screen={screen} narrow={narrow} />
      ) : (
        <div className={classes.wait}>
          {error ? (
            <ErrorNote error={recordOf(error)} onRetry={() => void refetch()} />
          ) : (
            <Loader size="sm" role="status" aria-label="Opening the twin" />
          )}
        </div>
      )}
      <ResearchLine />
    </div>
  );
}

/** On a phone the name in the bar is cut short: whose twin it is stands below it in full. */
function Whose({ view: { twin } }: { view: TwinView }) {
  return (
    <div className={classes.whose} data-synthetic={twin.synthetic || undefined}>
      <span>{twin.alias}</span>
      {twin.synthetic ? <span>SYNTHETIC</span> : null}
    </div>
  );
}

/** Says that one looks at the past, and leads back. */
function PastLine({ asOf }: { asOf: AsOf }) {
  const text = asOf.known
    ? `The twin as it was known on ${formatMoment(asOf.known)}.`
    : `The twin with what was true of the patient up to ${formatMoment(asOf.valid ?? '')}.`;
  return (
    <div className={classes.past} role="status">
      {text}
      <button type="button" onClick={() => go({ asOf: {} })}>
        Back to now
      </button>
    </div>
  );
}

function TwinBody({ view, screen, narrow }: { view: TwinView; screen: string; narrow: boolean }) {
  const treeOpen = usePreferences((state) => state.treeOpen);
  const timelineOpen = usePreferences((state) => state.timelineOpen);
  const drawer = useSheets((state) => state.tree);
  return (
    <>
      <div className={classes.body}>
        {narrow ? (
          <Drawer
            opened={drawer}
            onClose={() => openSheet({ tree: false })}
            size={280}
            padding={0}
            title="Twin"
            styles={{ header: { padding: 12 } }}
          >
            <TwinTree view={view} />
          </Drawer>
        ) : treeOpen && screen !== 'inference' ? (
          <aside className={classes.left} aria-label="Layers">
            <TwinTree view={view} />
          </aside>
        ) : null}
        {screen === 'spine' ? (
          <SpineScreen view={view} narrow={narrow} />
        ) : screen === 'motion' ? (
          <MotionScreen view={view} narrow={narrow} />
        ) : screen === 'inference' ? (
          <InferenceScreen view={view} narrow={narrow} />
        ) : (
          <OverviewScreen view={view} narrow={narrow} />
        )}
      </div>
      <RunSheet view={view} />
      <RecordSheet view={view} />
      <TwinCommands view={view} />
      {timelineOpen || narrow ? (
        <Timeline acquisitions={view.acquisitions} narrow={narrow} onAsOf={(valid) => go({ asOf: { valid } })} />
      ) : null}
    </>
  );
}
