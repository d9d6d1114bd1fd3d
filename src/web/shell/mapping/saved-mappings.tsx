/** Saved mappings: pick one, keep this one under a name, take it along as a file, remove one. */

import { Button } from '@mantine/core';
import { IconDeviceFloppy, IconDownload, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { WireError, WireTableProfile } from '../../../contract/index.ts';
import { saveText } from '../../kit/download.ts';
import { IconAction } from '../../kit/icon-action.tsx';
import { ErrorNote } from '../../kit/notes.tsx';
import { call, recordOf } from '../../state/client.ts';
import { KEYS, queryClient } from '../../state/queries.ts';
import { toast } from '../../state/toasts.ts';
import { noteStep, undo } from '../../state/undo.ts';
import classes from './mapping.module.css';

export interface SavedMappingsProps<Profile extends WireTableProfile> {
  /** as the form has it now */
  profile: Profile;
  /** tells mappings of this form from those of the other */
  fits(profile: WireTableProfile): profile is Profile;
  /** true where the form may be saved */
  good: boolean;
  name: string;
  onName(name: string): void;
  onPick(profile: Profile, name: string): void;
  /** found in the header */
  guess: Profile;
  placeholder?: string;
}

async function put(profile: WireTableProfile, baseVersion?: number): Promise<void> {
  await call('putProfile', { params: { name: profile.name }, body: { profile, baseVersion } });
  await queryClient.invalidateQueries({ queryKey: KEYS.profiles });
}

async function remove(name: string): Promise<void> {
  await call('removeProfile', { params: { name } });
  await queryClient.invalidateQueries({ queryKey: KEYS.profiles });
}

export function SavedMappings<Profile extends WireTableProfile>(props: SavedMappingsProps<Profile>) {
  const { profile, fits, good, name, onName, onPick, guess, placeholder = 'e.g. lab amplifier, 4 EMG' } = props;
  const { data } = useQuery({ queryKey: KEYS.profiles, queryFn: ({ signal }) => call('listProfiles', {}, signal) });
  const [error, setError] = useState<WireError>();
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const saved = (data?.profiles ?? []).flatMap(({ profile: kept, ...one }) =>
    fits(kept) ? [{ ...one, profile: kept }] : [],
  );
  const before = saved.find((one) => one.name === name.trim());
  const act = (
    work: Promise<void>,
    said: string,
    title: string,
    back: () => Promise<void>,
    again: () => Promise<void>,
  ) =>
    work.then(
      () => {
        setError(undefined);
        noteStep({ title, undo: back, redo: again });
        toast(said, { action: { name: 'Undo', run: () => void undo() } });
      },
      (problem: unknown) => setError(recordOf(problem)),
    );
  const save = (): void => {
    const next = { ...profile, name: name.trim() };
    const back = (): Promise<void> => (before ? put(before.profile) : remove(next.name));
    const said = before ? `Mapping “${next.name}” is changed.` : `Mapping “${next.name}” is saved for every twin.`;
    void act(put(next, before?.version ?? 0), said, `save mapping ${next.name}`, back, () => put(next));
  };
  const drop = (): void => {
    if (!before) return;
    const { profile: old } = before;
    const title = `remove mapping ${old.name}`;
    void act(
      remove(old.name),
      `Mapping “${old.name}” is removed.`,
      title,
      () => put(old),
      () => remove(old.name),
    );
    onName('');
  };
  return (
    <>
      <div className={classes.saved}>
        <label>
          <span>Mapping</span>
          <select
            ref={first}
            aria-label="Mapping"
            value={before?.name ?? ''}
            onChange={({ currentTarget }) => {
              const found = saved.find((one) => one.name === currentTarget.value);
              onPick(found?.profile ?? guess, found?.name ?? '');
            }}
          >
            <option value="">{saved.length > 0 ? 'Guessed from the header' : 'Guessed; none is saved yet'}</option>
            {saved.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Save as</span>
          <input
            value={name}
            maxLength={120}
            placeholder={placeholder}
            onChange={({ currentTarget }) => onName(currentTarget.value)}
          />
        </label>
        <Button
          variant="default"
          leftSection={<IconDeviceFloppy size={15} />}
          disabled={!good || name.trim() === ''}
          onClick={save}
        >
          {before ? 'Save changes' : 'Save mapping'}
        </Button>
        <IconAction
          name="Download mapping as JSON"
          disabled={!good}
          onClick={() => saveText(`${JSON.stringify(profile, null, 2)}\n`, `${profile.name}.json`, 'application/json')}
        >
          <IconDownload size={16} />
        </IconAction>
        <IconAction name="Remove saved mapping" disabled={!before} onClick={drop}>
          <IconTrash size={16} />
        </IconAction>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </>
  );
}
