/** The bar above every screen: where one is, what runs, how to find everything else. */

import { useMantineColorScheme } from '@mantine/core';
import { IconHelp, IconMenu2, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import type { TwinView } from '../../../contract/index.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import { chordText } from '../../state/commands.ts';
import { useLive } from '../../state/events.ts';
import { openSheet } from '../../state/overlays.ts';
import { go, type Screen, usePlace } from '../../state/place.ts';
import { AsOfMenu } from './as-of-menu.tsx';
import classes from './frame.module.css';
import { JobsMenu } from './jobs-menu.tsx';
import { PatientMenu } from './patient-menu.tsx';

const SCREENS: readonly { id: Screen; name: string }[] = [
  { id: 'overview', name: 'Overview' },
  { id: 'spine', name: 'Spine' },
  { id: 'motion', name: 'Motion' },
  { id: 'inference', name: 'Inference' },
];

export function TopBar({ view, withTree = false }: { view?: TwinView; withTree?: boolean }) {
  const twin = usePlace((place) => place.twin);
  return (
    <header className={classes.bar} data-twin={twin}>
      {withTree ? (
        <IconAction name="Twin and layers" hiddenFrom="xs" size={36} onClick={() => openSheet({ tree: true })}>
          <IconMenu2 size={19} />
        </IconAction>
      ) : null}
      <button
        type="button"
        className={classes.brand}
        aria-label="msdt, all patients"
        onClick={() => go({ screen: 'patients', twin: undefined })}
      >
        <Mark />
        <span>msdt</span>
      </button>
      {twin ? (
        <>
          <span className={classes.divider} />
          <PatientMenu twin={twin} view={view} />
          <AsOfMenu view={view} />
          <span className={classes.divider} />
          <ScreenTabs />
        </>
      ) : null}
      <span className={classes.spring} />
      <button type="button" className={classes.search} onClick={() => openSheet({ palette: true })}>
        <IconSearch size={15} />
        Search or command
        <kbd>{chordText('mod+k')}</kbd>
      </button>
      <LiveDot />
      <JobsMenu />
      <ThemeSwitch />
      <IconAction name="Keys and help" keys="?" className={classes.wide} onClick={() => openSheet({ help: true })}>
        <IconHelp size={18} />
      </IconAction>
    </header>
  );
}

function ScreenTabs() {
  const screen = usePlace((place) => place.screen);
  return (
    <nav className={classes.tabs} aria-label="Screens">
      {SCREENS.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-current={screen === id ? 'page' : undefined}
          onClick={() => go({ screen: id })}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}

const LIVE_TEXT = { connecting: 'connecting', live: 'live', lost: 'offline' } as const;

function LiveDot() {
  const state = useLive((live) => live.state);
  const title = state === 'live' ? 'What the server does appears here at once' : 'No line to the server; trying again';
  return (
    <span
      className={classes.live}
      data-state={state}
      title={title}
      role="status"
      aria-label={`Server: ${LIVE_TEXT[state]}`}
    >
      <i />
      <span>{LIVE_TEXT[state]}</span>
    </span>
  );
}

function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme !== 'light';
  return (
    <IconAction
      className={classes.theme}
      name={dark ? 'Light theme' : 'Dark theme'}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </IconAction>
  );
}

function Mark() {
  return (
    <svg
      width={20}
      height={20}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={2.2}
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M7.5 3.2h6M6.4 7.7h6.6M6.4 12.3h6.6M7.5 16.8h6" />
    </svg>
  );
}
