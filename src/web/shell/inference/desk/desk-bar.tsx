/** Whose risk it is, and of which day: the setting with its base rate and source, and the index date. Printed beside every risk. */

import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { WireAssessment } from '../../../../contract/index.ts';
import { formatDay } from '../../../kit/number/format.ts';
import { changeDesk, useInferenceDesk, useKnowledge } from '../../../state/inference.ts';
import classes from './desk.module.css';
import { rateText, settingLines, withIndexDate, withSetting } from './desk-model.ts';

export interface DeskBarProps {
  twin: string;
  assessment: Pick<WireAssessment, 'risk' | 'settingChosen' | 'indexDate'>;
}

export function DeskBar({ twin, assessment }: DeskBarProps) {
  return (
    <div className={classes.bar}>
      <SettingChooser twin={twin} assessment={assessment} />
      <IndexDate twin={twin} assessment={assessment} />
    </div>
  );
}

function SettingChooser({ twin, assessment }: DeskBarProps) {
  const { setting } = assessment.risk;
  const [opened, setOpened] = useState(false);
  const { data: knowledge } = useKnowledge();
  const { data: desk } = useInferenceDesk(twin);
  const lines = useMemo(() => settingLines(knowledge?.settings ?? []), [knowledge]);
  const before = desk?.document.setting;
  const choose = (id: string | undefined, name: string): void => {
    setOpened(false);
    if (id === before) return;
    void changeDesk(
      twin,
      `Setting: ${name}`,
      (now) => withSetting(now, id),
      (now) => withSetting(now, before),
    );
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" width={380} trapFocus withRoles>
      <Popover.Target>
        <UnstyledButton
          className={classes.chooser}
          data-assumed={!assessment.settingChosen || undefined}
          onClick={() => setOpened(!opened)}
        >
          <small className={classes.chooserTitle}>
            {assessment.settingChosen ? 'Setting' : 'Setting assumed: choose'}{' '}
          </small>
          <span className={classes.chooserText}>
            {setting.name} · base rate <b className="numbers">{rateText(setting.baseRate)}</b>
          </span>
          <IconChevronDown size={15} className={classes.chooserMark} aria-hidden="true" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label="Setting">
        <ul className={classes.settings}>
          {lines.map((line) => (
            <li key={line.id}>
              <UnstyledButton
                className={classes.setting}
                aria-pressed={assessment.settingChosen && line.id === setting.id}
                onClick={() => choose(line.id, line.name)}
              >
                <b className="numbers">{line.baseRate}</b>
                <span>
                  {line.name}
                  <small className={classes.settingSource}>
                    {line.horizon} · {line.source}
                  </small>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {before === undefined ? null : (
          <Button variant="subtle" color="gray" m={4} onClick={() => choose(undefined, 'assumed again')}>
            Leave it open
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function IndexDate({ twin, assessment }: DeskBarProps) {
  const [opened, setOpened] = useState(false);
  const { data: desk } = useInferenceDesk(twin);
  const before = desk?.document.indexDate;
  const day = assessment.indexDate.slice(0, 10);
  const [typed, setTyped] = useState<string>();
  const choose = (to: string | undefined): void => {
    setOpened(false);
    setTyped(undefined);
    if (to === before) return;
    void changeDesk(
      twin,
      to ? `Index date: ${to}` : 'Index date: the newest of the data',
      (now) => withIndexDate(now, to),
      (now) => withIndexDate(now, before),
    );
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" width={270} trapFocus withRoles>
      <Popover.Target>
        <UnstyledButton className={classes.chooser} onClick={() => setOpened(!opened)}>
          <small className={classes.chooserTitle}>Index date</small>
          <span className={`${classes.chooserText} numbers`}>
            {formatDay(assessment.indexDate)} {before === undefined ? '· newest data' : '· chosen'}
          </span>
          <IconChevronDown size={15} className={classes.chooserMark} aria-hidden="true" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Index date">
        <form
          className={classes.date}
          onSubmit={(event) => {
            event.preventDefault();
            choose(typed || day);
          }}
        >
          <TextInput
            type="date"
            label="Index date"
            description="Values after it do not count; older ones only within their window."
            value={typed ?? day}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <div className={classes.row}>
            <Button type="submit">Assess as of this day</Button>
            {before === undefined ? null : (
              <Button variant="subtle" color="gray" onClick={() => choose(undefined)}>
                Newest
              </Button>
            )}
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
