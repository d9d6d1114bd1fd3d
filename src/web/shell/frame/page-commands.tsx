/** Commands that every screen has. */

import { useMantineColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { type Command, useCommands } from '../../state/commands.ts';
import { openSheet } from '../../state/overlays.ts';
import { go, usePlace } from '../../state/place.ts';
import { toast } from '../../state/toasts.ts';
import { redo, undo } from '../../state/undo.ts';

export function PageCommands() {
  const { toggleColorScheme } = useMantineColorScheme();
  const twin = usePlace((place) => place.twin);
  const commands = useMemo(() => {
    const list: Command[] = [
      {
        id: 'palette',
        title: 'Search and commands',
        group: 'Page',
        keys: 'mod+k',
        run: () => openSheet({ palette: true }),
      },
      {
        id: 'help',
        title: 'Keys and help',
        group: 'Page',
        keys: '?',
        words: 'shortcuts mouse',
        run: () => openSheet({ help: true }),
      },
      {
        id: 'undo',
        title: 'Undo',
        group: 'Page',
        keys: 'mod+z',
        run: () => void undo().then((title) => toast(title ? `Undone: ${title}` : 'There is nothing to undo.')),
      },
      {
        id: 'redo',
        title: 'Redo',
        group: 'Page',
        keys: 'mod+shift+z',
        run: () => void redo().then((title) => toast(title ? `Done again: ${title}` : 'There is nothing to redo.')),
      },
      {
        id: 'theme',
        title: 'Light or dark theme',
        group: 'Page',
        words: 'colour scheme night day',
        run: toggleColorScheme,
      },
      {
        id: 'jobs',
        title: 'Show jobs',
        group: 'Page',
        keys: 'j',
        words: 'progress running errors',
        run: () => openSheet({ jobs: true }),
      },
      {
        id: 'patients',
        title: 'All patients',
        group: 'Go to',
        keys: 'g',
        words: 'list twins home',
        run: () => go({ screen: 'patients', twin: undefined }),
      },
      {
        id: 'new-twin',
        title: 'New twin',
        group: 'Twin',
        keys: 'n',
        words: 'patient create add',
        run: () => openSheet({ newTwin: [] }),
      },
    ];
    if (twin)
      list.push(
        { id: 'overview', title: 'Overview', group: 'Go to', keys: 'o', run: () => go({ screen: 'overview' }) },
        {
          id: 'spine',
          title: 'Spine',
          group: 'Go to',
          keys: 's',
          words: 'column vertebra slices',
          run: () => go({ screen: 'spine' }),
        },
        {
          id: 'motion',
          title: 'Motion',
          group: 'Go to',
          words: 'recordings body lanes signals',
          run: () => go({ screen: 'motion' }),
        },
        {
          id: 'inference',
          title: 'Inference',
          group: 'Go to',
          keys: 'i',
          words: 'risk chord graph suggestions',
          run: () => go({ screen: 'inference' }),
        },
      );
    return list;
  }, [toggleColorScheme, twin]);
  useCommands('page', commands);
  return null;
}
