/** "Map columns…": what the columns of a plain table mean, asked in a sheet that any screen can open. */

import { Button, Modal } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useRef } from 'react';
import { EmptyPlace } from '../../kit/notes.tsx';
import { type Command, useCommands } from '../../state/commands.ts';
import { filesOfInput } from '../../state/dropped-files.ts';
import { usePlace } from '../../state/place.ts';
import { closeMapping, openMapping, useMapping } from './mapping-state.ts';

const MappingSheet = lazy(async () => ({ default: (await import('./mapping-sheet.tsx')).MappingSheet }));

export function MapColumns() {
  const open = useMapping((state) => state.open);
  const twin = usePlace((place) => place.twin);
  const commands = useMemo<Command[]>(
    () => [
      {
        id: 'map-columns',
        title: 'Map the columns of a table',
        group: 'Twin',
        words: 'csv tsv txt channel mapping profile unit scale rate emg imu import',
        run: () => openMapping([], twin),
      },
    ],
    [twin],
  );
  useCommands('mapping', commands);
  return (
    <Modal
      opened={open !== undefined}
      onClose={closeMapping}
      title="Map columns"
      size="min(1240px, 96vw)"
      centered={false}
      yOffset="4vh"
      xOffset="2vw"
    >
      {open && open.files.length > 0 ? (
        <Suspense fallback={null}>
          <MappingSheet key={open.files[0].name} {...open} />
        </Suspense>
      ) : null}
      {open?.files.length === 0 ? <PickTables twin={open.twin} /> : null}
    </Modal>
  );
}

function PickTables({ twin }: { twin: string | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <EmptyPlace
      icon={<IconTable size={30} stroke={1.4} aria-hidden="true" />}
      title="A table of samples, or of dated facts"
    >
      <p>
        CSV, TSV or text: of any amplifier or sensor, or scores and laboratory values by date. Several files of one kind
        are read with the same mapping.
      </p>
      <Button data-autofocus onClick={() => input.current?.click()}>
        Choose tables
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept=".csv,.tsv,.txt,text/*"
        aria-label="Tables"
        data-testid="tables-input"
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.length) openMapping(filesOfInput(currentTarget.files), twin);
        }}
      />
    </EmptyPlace>
  );
}
