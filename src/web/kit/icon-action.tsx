/** A small button with an icon, a name and, where it has one, a key. */

import { ActionIcon, type ActionIconProps, Kbd, Tooltip } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';

export interface IconActionProps extends ActionIconProps {
  name: string;
  /** key that does the same: `M`, `⌘K` */
  keys?: string;
  children: ReactNode;
  pressed?: boolean;
  disabled?: boolean;
  onClick?(event: MouseEvent<HTMLButtonElement>): void;
}

export function IconAction({ name, keys, children, pressed, onClick, ...rest }: IconActionProps) {
  return (
    <Tooltip
      label={
        <>
          {name}
          {keys ? (
            <Kbd size="xs" ml={8}>
              {keys}
            </Kbd>
          ) : null}
        </>
      }
    >
      <ActionIcon
        aria-label={name}
        aria-pressed={pressed}
        aria-keyshortcuts={keys && /^[\w?+]+$/.test(keys) ? keys : undefined}
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'steel' : 'gray'}
        onClick={onClick}
        {...rest}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
