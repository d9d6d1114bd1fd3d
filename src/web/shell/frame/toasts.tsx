/** Short words at the lower edge. */

import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { IconAction } from '../../kit/icon-action.tsx';
import { ErrorNote } from '../../kit/notes.tsx';
import { dismiss, useToasts } from '../../state/toasts.ts';
import classes from './frame.module.css';

export function Toasts() {
  const list = useToasts((state) => state.list);
  return (
    <section className={classes.cards} style={{ left: 14, right: 'auto' }} aria-live="polite" aria-label="Messages">
      {list.map(({ key, text, error, action }) => (
        <div key={key} className={classes.card}>
          <div className={classes.toast}>
            <p>{text}</p>
            {action ? (
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  action.run();
                  dismiss(key);
                }}
              >
                {action.name}
              </Button>
            ) : null}
            <IconAction name="Dismiss" size={22} onClick={() => dismiss(key)}>
              <IconX size={14} />
            </IconAction>
          </div>
          {error ? <ErrorNote error={error} /> : null}
        </div>
      ))}
    </section>
  );
}
