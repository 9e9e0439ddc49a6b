import { Button } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Overview } from '../../../gateway/doors/admin/contract.ts';
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
    ...(overview === undefined ? [] : providerWords(overview)),
    ...(members === undefined ? [] : [plural(members.length, 'member')]),
  ];
  return `Since ${sinceWords(status.startedAt)}.${parts.length === 0 ? '' : ` ${parts.join(', ')}.`}`;
}

function providerWords({ providers, providersAnswering, today }: Overview): string[] {
  if (providers === 0) return [];
  // That nobody has asked them yet is no failure.
  if (providersAnswering === 0 && today.failed === 0) return [plural(providers, 'provider')];
  return [`${providersAnswering} of ${plural(providers, 'provider')} answer`];
}
