/** Runs one capability with parameters of the reader's own: the form is made from what the capability says of itself. */

import { Button, Checkbox, Group, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TwinView, WireCapability, WireError, WireParamSpec } from '../../../contract/index.ts';
import { ErrorNote } from '../../kit/notes.tsx';
import { unitLabel } from '../../kit/number/format.ts';
import { call, recordOf } from '../../state/client.ts';
import { openSheet, useSheets } from '../../state/overlays.ts';
import { useCatalogue } from '../../state/queries.ts';
import { toast } from '../../state/toasts.ts';
import classes from '../patients/patients.module.css';

type Value = number | string | boolean;

export function RunSheet({ view }: { view: TwinView }) {
  const id = useSheets((state) => state.run);
  const { data: catalogue } = useCatalogue();
  const capability = catalogue?.capabilities.find((one) => one.id === id);
  const close = (): void => openSheet({ run: undefined });
  return (
    <Modal opened={capability !== undefined} onClose={close} title={capability?.title ?? ''} size={460}>
      {capability ? <RunForm key={capability.id} capability={capability} view={view} close={close} /> : null}
    </Modal>
  );
}

function RunForm({ capability, view, close }: { capability: WireCapability; view: TwinView; close(): void }) {
  const specs = Object.entries(capability.params);
  const [values, setValues] = useState<Record<string, Value>>(() =>
    Object.fromEntries(specs.map(([name, spec]) => [name, spec.default])),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<WireError>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await call('runCapability', {
        params: { twin: view.twin.id },
        body: { capability: capability.id, params: values },
      });
      toast(`${capability.title} runs. Its results appear here when they are made.`);
      close();
    } catch (problem) {
      setError(recordOf(problem));
      setBusy(false);
    }
  };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)}>
      <p>{capability.summary}</p>
      {specs.length === 0 ? <p>It has no parameters.</p> : null}
      {specs.map(([name, spec]) => (
        <Field
          key={name}
          spec={spec}
          value={values[name]}
          onChange={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      {error ? <ErrorNote error={error} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Run
        </Button>
      </Group>
    </form>
  );
}

function Field({ spec, value, onChange }: { spec: WireParamSpec; value: Value; onChange(value: Value): void }) {
  const common = { label: spec.label, description: spec.help };
  switch (spec.type) {
    case 'number':
      return (
        <NumberInput
          {...common}
          description={[spec.help, `${spec.min} to ${spec.max} ${unitLabel(spec.unit)}`].filter(Boolean).join(' · ')}
          min={spec.min}
          max={spec.max}
          step={spec.step}
          value={value as number}
          suffix={unitLabel(spec.unit) ? ` ${unitLabel(spec.unit)}` : undefined}
          onChange={(next) => typeof next === 'number' && onChange(next)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={spec.options}
          value={String(value)}
          allowDeselect={false}
          onChange={(next) => next !== null && onChange(next)}
        />
      );
    case 'boolean':
      return (
        <Checkbox {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'text':
      return <TextInput {...common} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}
