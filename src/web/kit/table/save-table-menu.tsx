/** A table leaves the page in one of three formats. */

import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Table } from '../../../model/index.ts';
import { saveTable } from './table-file.ts';

const FORMATS = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
  ['parquet', 'Parquet'],
] as const;

export interface SaveTableMenuProps {
  /** made when it is asked for */
  table: () => Table;
  /** of the file, without its ending */
  name: string;
  disabled?: boolean;
}

export function SaveTableMenu({ table, name, disabled = false }: SaveTableMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          w="fit-content"
          leftSection={<IconDownload size={14} />}
          disabled={disabled}
        >
          Save table
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(([format, title]) => (
          <Menu.Item key={format} onClick={() => void saveTable(table(), name, format)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
