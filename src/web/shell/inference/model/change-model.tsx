/** Update and roll back: each asks first, and says what stays. */

import { Button, Modal, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireError, WireSiteModel } from '../../../../contract/index.ts';
import { ErrorNote } from '../../../kit/notes.tsx';
import { count } from '../../../kit/number/format.ts';
import { call, recordOf } from '../../../state/client.ts';
import { takeSiteModel } from '../../../state/inference.ts';
import { toast } from '../../../state/toasts.ts';
import classes from './model.module.css';

export function ConfirmUpdate({ model }: { model: WireSiteModel }) {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<WireError>();
  const [busy, setBusy] = useState(false);
  const update = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const next = await call('updateSiteModel', { body: { setting: model.setting } });
      takeSiteModel(next);
      setOpen(false);
      toast(`Version ${next.active} is in use. Earlier versions and told risks stay.`);
    } catch (error) {
      setProblem(recordOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Button w="fit-content" variant="light" disabled={model.outcomes === 0} onClick={() => setOpen(true)}>
        Update from {learntFrom(model)}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Update the model">
        <div className={classes.form}>
          <p>
            A new version is learnt from {learntFrom(model)} and takes over from version {model.active}. How much may
            move is set by the event gates. Risks told so far stay in the log as they were told.
          </p>
          <p className={classes.dim}>
            Mind the loop: this tool may have changed who was referred, so outcomes are not untouched by it.
          </p>
          {problem ? <ErrorNote error={problem} /> : null}
          <div className={classes.row}>
            <Button loading={busy} onClick={() => void update()}>
              Update
            </Button>
            <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
              Cancel
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}

/** What an update would learn from: all closed outcomes, or after an alarm those since the drift began. */
function learntFrom({ outcomes, sinceDrift }: WireSiteModel): string {
  return sinceDrift === undefined
    ? count(outcomes, 'closed outcome')
    : `the ${count(Math.min(sinceDrift, outcomes), 'outcome')} since the drift began`;
}

export interface RollBackProps {
  model: WireSiteModel;
  version: number;
  onClose(): void;
}

export function RollBack({ model, version, onClose }: RollBackProps) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<WireError>();
  const [busy, setBusy] = useState(false);
  const back = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      takeSiteModel(
        await call('rollBackSiteModel', { body: { setting: model.setting, version, reason: reason.trim() } }),
      );
      toast(`Version ${version} is in use again.`);
      onClose();
    } catch (error) {
      setProblem(recordOf(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Roll back to version ${version}`}>
      <form className={classes.form} onSubmit={(event) => void back(event)}>
        <p>
          Version {version} predicts from now on. Version {model.active} stays in the log and can be taken up again.
        </p>
        <Textarea
          label="Reason"
          required
          autosize
          minRows={2}
          maxLength={2000}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {problem ? <ErrorNote error={problem} /> : null}
        <div className={classes.row}>
          <Button type="submit" loading={busy} disabled={reason.trim() === ''}>
            Roll back
          </Button>
          <Button variant="subtle" color="gray" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
