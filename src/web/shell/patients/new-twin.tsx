/** A new twin gets a pseudonym first: a folder's name may be a person's, so it is never taken for one. */

import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireError } from '../../../contract/index.ts';
import { ErrorNote } from '../../kit/notes.tsx';
import { count, formatBytes } from '../../kit/number/format.ts';
import { call, recordOf } from '../../state/client.ts';
import type { GivenFile } from '../../state/dropped-files.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import { go } from '../../state/place.ts';
import { KEYS, queryClient } from '../../state/queries.ts';
import { startUpload } from '../../state/uploads.ts';
import classes from './patients.module.css';

const LISTED = 60;

export function NewTwin() {
  const files = useSheets((state) => state.newTwin);
  const choices = useSheets((state) => state.choices);
  const close = (): void => openSheet({ newTwin: undefined, choices: undefined });
  return (
    <Modal opened={files !== undefined} onClose={close} title="New twin" size={440}>
      {files ? <NewTwinForm files={files} choices={choices} close={close} /> : null}
    </Modal>
  );
}

function proposeAlias(): string {
  return `P-${String(Math.floor(1000 + Math.random() * 9000))}`;
}

interface NewTwinFormProps {
  files: readonly GivenFile[];
  choices: Record<string, string> | undefined;
  close(): void;
}

function NewTwinForm({ files, choices, close }: NewTwinFormProps) {
  const [alias, setAlias] = useState(proposeAlias);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<WireError>();
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const twin = await call('createTwin', { body: { alias: alias.trim() } });
      void queryClient.invalidateQueries({ queryKey: KEYS.twins });
      if (files.length > 0) startUpload(twin.id, [...files], choices);
      close();
      go({ twin: twin.id, screen: 'overview', asOf: {} });
    } catch (problem) {
      setError(recordOf(problem));
      setBusy(false);
    }
  };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Pseudonym"
        description="Shown in lists, links and file names. Never a name."
        value={alias}
        maxLength={80}
        required
        data-autofocus
        onChange={(event) => setAlias(event.currentTarget.value)}
      />
      {files.length > 0 ? (
        <>
          <p>
            {count(files.length, 'file')}, {formatBytes(bytes)}
          </p>
          <ul className={classes.fileList}>
            {files.slice(0, LISTED).map(({ name }) => (
              <li key={name}>{name}</li>
            ))}
            {files.length > LISTED ? <li>and {files.length - LISTED} more</li> : null}
          </ul>
        </>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={alias.trim() === ''}>
          {files.length > 0 ? 'Create and upload' : 'Create'}
        </Button>
      </Group>
    </form>
  );
}
