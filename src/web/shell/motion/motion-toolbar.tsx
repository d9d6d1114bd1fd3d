/** Above the body: which recording, play and speed, which lanes, what colours the body, what may leave. */

import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconDownload,
  IconFlame,
  IconLayoutSidebarRightCollapse,
  IconListDetails,
  IconPhoto,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerTrackNext,
  IconPlayerTrackPrev,
  IconTable,
  IconZoomReset,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { WireArtifact } from '../../../contract/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import type { MotionSession } from '../../kit/motion.ts';
import type { PanelActions } from '../../kit/panel.ts';
import { openSession, SPEEDS, seek, setSpan, togglePlay, useMotion } from '../../state/motion.ts';
import { prefer, usePreferences } from '../../state/preferences.ts';
import { toast } from '../../state/toasts.ts';
import { changeLayer, setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { axisTime, type LanePlan } from '../../views/motion/lanes/lane-plan.ts';
import { valueTitle } from '../../views/motion/stage/body-box.ts';
import { TABLE_FORMATS } from '../spine/export-menu.tsx';
import grid from '../spine/scene-grid.module.css';
import classes from './motion.module.css';
import { stepFrame } from './motion-commands.ts';

export interface MotionToolbarProps {
  narrow: boolean;
  sessions: readonly MotionSession[];
  session: MotionSession | undefined;
  plans: readonly (LanePlan & { shown: boolean })[];
  /** values that can colour the body */
  values: readonly string[];
  /** speed and space of the body can be measured, and have not been */
  measurable: boolean;
  artifacts: readonly WireArtifact[];
  actions: PanelActions;
  onPicture(): void;
}

export function MotionToolbar(props: MotionToolbarProps) {
  const { narrow, sessions, session, plans, values } = props;
  const playing = useMotion((state) => state.playing);
  const speed = useMotion((state) => state.speed);
  const panelOpen = usePreferences((state) => state.panelOpen);
  const none = session === undefined;
  return (
    <div className={grid.toolbar} role="toolbar" aria-label="Motion">
      <SessionMenu sessions={sessions} session={session} narrow={narrow} />
      <hr />
      <IconAction name="To the start" keys="Home" disabled={none} onClick={() => seek(useMotion.getState().whole[0])}>
        <IconPlayerSkipBack size={17} />
      </IconAction>
      <IconAction name="Frame back" keys="←" disabled={none} onClick={() => stepFrame(session, -1)}>
        <IconPlayerTrackPrev size={17} />
      </IconAction>
      <IconAction name={playing ? 'Pause' : 'Play'} keys="Space" disabled={none} onClick={togglePlay}>
        {playing ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
      </IconAction>
      <IconAction name="Frame on" keys="→" disabled={none} onClick={() => stepFrame(session, 1)}>
        <IconPlayerTrackNext size={17} />
      </IconAction>
      <ClockText />
      <SpeedMenu speed={speed} />
      <hr />
      <LanesMenu plans={plans} />
      {values.length > 0 || props.measurable ? <ColourMenu {...props} /> : null}
      <IconAction name="All of the time" keys="Z" disabled={none} onClick={() => setSpan(useMotion.getState().whole)}>
        <IconZoomReset size={17} />
      </IconAction>
      <span className={grid.spring} />
      <MotionExport {...props} />
      {narrow ? null : (
        <IconAction
          name={panelOpen ? 'Close panel' : 'Open panel'}
          keys="P"
          onClick={() => prefer({ panelOpen: !panelOpen })}
        >
          <IconLayoutSidebarRightCollapse size={18} style={panelOpen ? undefined : { transform: 'scaleX(-1)' }} />
        </IconAction>
      )}
    </div>
  );
}

/** The clock is read, not watched: more changes a second would cost each frame more than the lanes do · ms */
const CLOCK_MS = 100;

/** The time under the cursor; written past React, since it changes with every frame. */
function ClockText() {
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let writtenAt = 0;
    const write = (): void => {
      const { timeS, whole, playing } = useMotion.getState();
      if (!text.current || (playing && performance.now() - writtenAt < CLOCK_MS)) return;
      writtenAt = performance.now();
      // words that stay are not written anew, since that lays out and paints the toolbar
      const now = `${axisTime(timeS, 0.01)} s`;
      if (text.current.textContent !== now) text.current.textContent = now;
      const of = `of ${axisTime(whole[0], 0.01)} to ${axisTime(whole[1], 0.01)} s`;
      if (text.current.title !== of) text.current.title = of;
    };
    write();
    return useMotion.subscribe(write);
  }, []);
  return (
    <span className={classes.clock} data-testid="motion-time">
      <span ref={text} />
    </span>
  );
}

function SpeedMenu({ speed }: { speed: number }) {
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" px={6} aria-label={`Speed ${speed} times`}>
          {speed}×
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SPEEDS.map((one) => (
          <Menu.Item key={one} fw={one === speed ? 600 : 400} onClick={() => useMotion.setState({ speed: one })}>
            {one}×
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function SessionMenu({ sessions, session, narrow }: Pick<MotionToolbarProps, 'sessions' | 'session' | 'narrow'>) {
  if (sessions.length < 2) return <span className={`${grid.hint} ${classes.title}`}>{session?.title ?? ''}</span>;
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          rightSection={<IconChevronDown size={14} />}
          maw={narrow ? 140 : 230}
          title={session?.title}
          styles={{
            label: { display: 'block', height: 'auto', lineHeight: 1.5, overflow: 'hidden', textOverflow: 'ellipsis' },
          }}
        >
          {session?.title ?? 'Recording'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {sessions.map((one) => (
          <Menu.Item key={one.id} fw={one.id === session?.id ? 600 : 400} onClick={() => openSession(one.id, [0, 1])}>
            {one.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function LanesMenu({ plans }: Pick<MotionToolbarProps, 'plans'>) {
  const lanes = useWorkspace((state) => state.lanes);
  const all = (shown: boolean): void => setWorkspace({ lanes: Object.fromEntries(plans.map(({ id }) => [id, shown])) });
  return (
    <Menu closeOnItemClick={false} width={300}>
      <Menu.Target>
        <IconAction name="Lanes" disabled={plans.length === 0}>
          <IconListDetails size={18} />
        </IconAction>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Item onClick={() => all(true)}>Show all</Menu.Item>
        <Menu.Item onClick={() => all(false)}>Hide all</Menu.Item>
        <Menu.Divider />
        {plans.map(({ id, title, note, shown }) => (
          <Menu.CheckboxItem
            key={id}
            checked={shown}
            onChange={(next) => setWorkspace({ lanes: { ...lanes, [id]: next } })}
          >
            {title} <small style={{ color: 'var(--text-dim)' }}>{note}</small>
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ColourMenu({ values, measurable, artifacts, actions }: MotionToolbarProps) {
  const chosen = useMotion((state) => state.colourBy);
  const layers = useWorkspace((state) => state.layers);
  const space = artifacts.find(({ kind, summary }) => kind === 'sequence.cloud' && summary.frames === 1);
  const shown = space ? layers[space.id]?.visible === true : false;
  return (
    <Menu width={240}>
      <Menu.Target>
        <IconAction name="Colour of the body">
          <IconFlame size={18} />
        </IconAction>
      </Menu.Target>
      <Menu.Dropdown>
        {measurable ? (
          <Menu.Item
            onClick={() => {
              toast('Speed and space are being measured; the body takes their colours when they are.');
              void actions.run('video-kinematics');
            }}
          >
            Measure speed and space moved through
          </Menu.Item>
        ) : (
          <Menu.Item fw={chosen === '' ? 600 : 400} onClick={() => useMotion.setState({ colourBy: '' })}>
            Plain
          </Menu.Item>
        )}
        {values.map((value) => (
          <Menu.Item
            key={value}
            fw={value === (chosen ?? 'speed') ? 600 : 400}
            onClick={() => useMotion.setState({ colourBy: value })}
          >
            {valueTitle(value)}
          </Menu.Item>
        ))}
        {space ? (
          <Menu.CheckboxItem checked={shown} onChange={(next) => changeLayer(space.id, { visible: next })}>
            {space.name}
          </Menu.CheckboxItem>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function MotionExport({ artifacts, actions, onPicture }: MotionToolbarProps) {
  return (
    <Menu width={280} position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconDownload size={15} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Label>Numbers of the twin</Menu.Label>
        {TABLE_FORMATS.map(([format, name]) => (
          <Menu.Item key={format} leftSection={<IconTable size={15} />} onClick={() => actions.exportFeatures(format)}>
            Features as {name}
          </Menu.Item>
        ))}
        <Menu.Label>Recordings</Menu.Label>
        {artifacts
          .filter(({ kind }) => kind !== 'events')
          .flatMap((artifact) =>
            (['parquet', 'csv'] as const).map((format) => (
              <Menu.Item key={`${artifact.id}${format}`} onClick={() => actions.exportArtifact(artifact.id, format)}>
                {artifact.name} as {format === 'parquet' ? 'Parquet' : 'CSV'}
              </Menu.Item>
            )),
          )}
        <Menu.Label>This view</Menu.Label>
        <Menu.Item leftSection={<IconPhoto size={15} />} onClick={onPicture}>
          Picture as PNG
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
