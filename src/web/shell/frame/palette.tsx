/** Every command and every patient, found by a few letters. */

import { Kbd, Modal } from '@mantine/core';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { type Command, chordText, commandScore, useAllCommands } from '../../state/commands.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import { go } from '../../state/place.ts';
import { useTwins } from '../../state/queries.ts';
import classes from './frame.module.css';

export function Palette() {
  const opened = useSheets((state) => state.palette);
  const close = (): void => openSheet({ palette: false });
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      centered={false}
      title="Commands"
      styles={{ header: { display: 'none' } }}
    >
      {opened ? <PaletteBody close={close} /> : null}
    </Modal>
  );
}

function PaletteBody({ close }: { close(): void }) {
  const commands = useAllCommands();
  const { data: twins = [] } = useTwins();
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const found = useMemo(() => {
    const patients: Command[] = twins.map((t) => ({
      id: `twin:${t.id}`,
      title: `Open ${t.alias}`,
      group: 'Go to',
      words: 'patient twin',
      run: () => go({ twin: t.id, screen: 'overview', asOf: {} }),
    }));
    return [...commands, ...patients]
      .map((command) => ({ command, score: commandScore(command, search) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command);
  }, [commands, twins, search]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const run = (command: Command | undefined): void => {
    if (!command) return;
    close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((now) => (found.length === 0 ? 0 : (now + step + found.length) % found.length));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.palette}>
      <input
        className={classes.paletteInput}
        // biome-ignore lint/a11y/noAutofocus: a palette is opened to type into it
        autoFocus
        placeholder="Type a command, a level, a patient"
        aria-label="Search commands"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {found.length === 0 ? (
        <div className={classes.paletteNone}>Nothing is called that.</div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox
        <ul ref={list} id="palette-list" role="listbox" aria-label="Commands" className={classes.paletteList}>
          {found.map((command, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys go through the input of the combobox
            // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus
            <li
              key={command.id}
              id={`palette-${i}`}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an entry of that list
              role="option"
              aria-selected={i === at}
              onClick={() => run(command)}
              onPointerMove={() => setAt(i)}
            >
              <span data-off={command.why ? true : undefined}>
                {command.title}
                {command.why ? <small>{command.why}</small> : null}
              </span>
              {command.keys ? <Kbd size="xs">{chordText(command.keys)}</Kbd> : <em>{command.group}</em>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
