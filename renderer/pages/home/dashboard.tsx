import { Button } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useMembers, useStatus } from '../../api/lists.ts';
import { Page } from '../../components/page.tsx';
import { plural } from '../../format.ts';
import { AddressStrip } from './address-strip.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import classes from './dashboard.module.css';
import { HoursPanel } from './hours-panel.tsx';
import { LivePanel } from './live-panel.tsx';
import { PauseButton } from './pause-button.tsx';
import { useOverview } from './queries.ts';
import { sinceWords } from './since-words.ts';
import { StateTitle } from './state-title.tsx';
import { TodayStrip } from './today-strip.tsx';

/** State, addresses, today, alerts and what runs, without scrolling. */
export function Dashboard() {
  return (
    <Page
      title={<StateTitle />}
      lead={<Lead />}
      actions={
        <>
          <Button component={Link} href="/playground" leftSection={<IconMessage size={16} stroke={1.5} />}>
            Playground
          </Button>
          <PauseButton />
        </>
      }
    >
      <AddressStrip />
      <TodayStrip />
      <div className={classes.middle}>
        <HoursPanel />
        <AttentionPanel />
      </div>
      <LivePanel />
    </Page>
  );
}

function Lead() {
  const { data: status } = useStatus();
  const overview = useOverview().data;
  const members = useMembers().data;
  if (status === undefined) return '\u00a0';
  if (status.paused) return 'Requests are refused until you resume; streams that run go on.';
  const parts = [
    ...(overview === undefined || overview.providers === 0
      ? []
      : [`${overview.providersAnswering} of ${plural(overview.providers, 'provider')} answer`]),
    ...(members === undefined ? [] : [plural(members.length, 'member')]),
  ];
  return `Since ${sinceWords(status.startedAt)}.${parts.length === 0 ? '' : ` ${parts.join(', ')}.`}`;
}
