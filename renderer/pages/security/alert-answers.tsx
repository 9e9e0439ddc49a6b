import { Button, Group, Menu } from '@mantine/core';
import { Link } from 'wouter';
import type { Alert, AlertAnswer } from '../../../gateway/doors/admin/contract.ts';
import { RowMenu } from '../../components/row-menu.tsx';
import { possessive } from '../../people/member-words.ts';
import type { AlertRowProps } from './alert-row.tsx';
import classes from './alerts-panel.module.css';

/** Where the repair is that no answer can do from here. */
const REPAIRS: Partial<Record<Alert['kind'], (alert: Alert) => readonly [label: string, href: string]>> = {
  provider_failing: () => ['Open providers', '/providers'],
  provider_credential: ({ providerId }) => [
    'Replace credential',
    providerId === null ? '/providers' : `/providers/${providerId}`,
  ],
  key_expiring: ({ memberId }) => ['Make a new key', memberId === null ? '/keys' : `/members/${memberId}`],
};

/** The answers that an open alert has now: the likely ones as buttons, the others in its menu. */
export function AlertAnswers({ alert, memberName, apiKey, acts, title }: AlertRowProps & { title: string }) {
  const busy = acts.busyId !== null;
  const whose = memberName ?? 'the member';
  const can = (answer: AlertAnswer) => alert.answers.includes(answer);
  const about = alert.kind === 'refused_keys';
  const address = alert.address ?? '';
  const repair = REPAIRS[alert.kind]?.(alert);
  return (
    <Group gap={6} wrap="nowrap" className={classes.answers ?? ''}>
      {can('unblock') && (
        <Button size="compact-sm" disabled={busy} onClick={() => void acts.unblock(alert)}>
          Unblock
        </Button>
      )}
      {about && can('block') && (
        <Button size="compact-sm" disabled={busy} onClick={() => void acts.blockForGood(alert, address)}>
          Block for good…
        </Button>
      )}
      {repair !== undefined && (
        <Button size="compact-sm" component={Link} href={repair[1]}>
          {repair[0]}
        </Button>
      )}
      {!can('unblock') && (
        <Button size="compact-sm" disabled={busy} onClick={() => void acts.seen(alert)}>
          {fineWords(alert, memberName)}
        </Button>
      )}
      {can('revoke') && (
        <Button
          size="compact-sm"
          disabled={busy}
          onClick={() => void acts.revoke(alert, `${possessive(whose)} key “${apiKey?.name ?? ''}”`)}
        >
          Revoke key…
        </Button>
      )}
      <RowMenu label={title}>
        {can('unblock') && <Menu.Item onClick={() => void acts.seen(alert)}>Leave it as it is</Menu.Item>}
        {!about && can('block') && (
          <Menu.Item onClick={() => void acts.blockForGood(alert, address)}>Block {address}…</Menu.Item>
        )}
        {can('suspend') && (
          <Menu.Item onClick={() => void acts.suspend(alert, whose)}>Suspend {whose}…</Menu.Item>
        )}
        <Menu.Item onClick={() => void acts.remove(alert)}>Delete this alert</Menu.Item>
      </RowMenu>
    </Group>
  );
}

/** The answer that all is well. */
function fineWords({ kind }: Alert, memberName: string | undefined): string {
  if (kind === 'new_address' && memberName !== undefined) return `That is ${memberName}`;
  return kind === 'refused_keys' || kind === 'unusual_volume' || kind === 'new_address'
    ? 'It is fine'
    : 'Seen';
}

const ANSWERED: Record<AlertAnswer, string> = {
  fine: 'It is fine',
  block: 'Blocked',
  unblock: 'Unblocked',
  suspend: 'Suspended',
  revoke: 'Key revoked',
};

/** What was answered, to be taken back or put away. */
export function GivenAnswer({ alert, acts, title }: AlertRowProps & { title: string }) {
  return (
    <Group gap={6} wrap="nowrap" className={classes.answers ?? ''}>
      <span className="muted">
        Settled{alert.answer === null || alert.answer === 'fine' ? '' : `: ${ANSWERED[alert.answer]}`}
      </span>
      <RowMenu label={title}>
        {alert.answer !== 'revoke' && (
          <Menu.Item onClick={() => void acts.takeBack(alert)}>
            {alert.answer === null ? 'Open it again' : 'Take the answer back'}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => void acts.remove(alert)}>Delete this alert</Menu.Item>
      </RowMenu>
    </Group>
  );
}
