/** The action band of the site: the risks between which it would look closer. Shown by its numbers, set by its people. */

import { Button, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireError } from '../../../../contract/index.ts';
import { ErrorNote } from '../../../kit/notes.tsx';
import { recordOf } from '../../../state/client.ts';
import { saveActionBand, useSiteSettings } from '../../../state/inference.ts';
import { toast } from '../../../state/toasts.ts';
import { percentRange } from '../words.ts';
import classes from './model.module.css';

/** @param twin - assessed anew against the new band */
export function ActionBand({ twin }: { twin?: string }) {
  const { data: settings } = useSiteSettings();
  const [typed, setTyped] = useState<{ low?: number; high?: number }>({});
  const [problem, setProblem] = useState<WireError>();
  const [busy, setBusy] = useState(false);
  if (!settings) return null;
  const [low, high] = settings.actionBand;
  const band = { low: typed.low ?? Math.round(100 * low), high: typed.high ?? Math.round(100 * high) };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const saved = await saveActionBand([band.low / 100, band.high / 100], twin);
      setTyped({});
      toast(`The action band is ${percentRange(...saved.actionBand)} from now on.`);
    } catch (error) {
      setProblem(recordOf(error));
    }
    setBusy(false);
  };
  const field = (name: 'low' | 'high', label: string) => (
    <NumberInput
      size="xs"
      label={label}
      suffix=" %"
      min={1}
      max={99}
      allowDecimal={false}
      value={band[name]}
      onChange={(value) => setTyped({ ...typed, [name]: Number(value) })}
    />
  );
  return (
    <section className={classes.card} aria-label="Action band" data-testid="action-band">
      <h2>
        Action band <small>{settings.actionBandChosen ? 'set by this site' : 'assumed: nobody has set it'}</small>
      </h2>
      <p>
        <b className="numbers">{percentRange(low, high)}</b> within twelve months. Below and above it this site would
        act differently; where the interval of a risk crosses an edge, the examination that would tell most is suggested
        (R34). At or above the upper edge surgery counts as likely (R31, R32).
      </p>
      <form className={classes.row} onSubmit={(event) => void save(event)}>
        {field('low', 'Lower edge')}
        {field('high', 'Upper edge')}
        <Button
          type="submit"
          variant="light"
          loading={busy}
          disabled={!(band.low < band.high)}
          style={{ alignSelf: 'end' }}
        >
          Set
        </Button>
      </form>
      {problem ? <ErrorNote error={problem} /> : null}
    </section>
  );
}
