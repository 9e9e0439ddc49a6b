import { Anchor, Button, Group, Menu } from '@mantine/core';
import { Link } from 'wouter';
import type { Alert, IpBlock, Key } from '../../../gateway/doors/admin/contract.ts';
import { RowMenu } from '../../components/row-menu.tsx';
import { Dot } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { comingMoment } from '../../format.ts';
import { possessive } from '../../people/member-words.ts';
import { type AlertWords, alertWords, isThisComputer } from './alert-words.ts';
import classes from './alerts-panel.module.css';
import type { AlertActs } from './use-alert-acts.ts';

export interface AlertRowProps {
  alert: Alert;
  memberName: string | undefined;
  apiKey: Key | undefined;
  /** That holds the alert’s address now. */
  block: IpBlock | undefined;
  acts: AlertActs;
}

/** One alert: what happened, what the gateway did by itself, and the answers there are to it. */
export function AlertRow(props: AlertRowProps) {
  const { alert, memberName, apiKey, block } = props;
  const words = alertWords(alert, { memberName, key: apiKey });
  const open = alert.seenAt === null;
  return (
    <li className={classes.alert} data-settled={!open || undefined}>
      <span className={classes.dot}>
        <Dot tone={open ? words.tone : 'off'} />
      </span>
      <div className={classes.words}>
        <p>
          <b className={classes.title}>{words.title}</b>{' '}
          <span className="muted">
            <Time at={alert.at} />
          </span>
        </p>
        <p className="secondary">
          {words.message} <BlockWords alert={alert} block={block} /> <Evidence alert={alert} />
        </p>
      </div>
      {open ? <Answers {...props} words={words} /> : <span className="muted">Settled</span>}
    </li>
  );
}

/** The message tells that the address was blocked; this tells how that stands now. */
function BlockWords({ alert, block }: Pick<AlertRowProps, 'alert' | 'block'>) {
  if (alert.kind !== 'refused_keys' || isThisComputer(alert.address)) return null;
  if (block === undefined) return 'It is not blocked now.';
  if (block.expiresAt === null) return 'It is blocked for good.';
  return `The block ends by itself: ${comingMoment(block.expiresAt)}.`;
}

/** The answer that all is well. */
function settledWords({ kind }: Alert, memberName: string | undefined): string {
  if (kind === 'provider_failing' || kind === 'billing') return 'Seen';
  return kind === 'new_address' && memberName !== undefined ? `That is ${memberName}` : 'It is fine';
}

/** The requests an alert came from. */
function Evidence({ alert: { kind, address, keyId } }: { alert: Alert }) {
  if (kind === 'billing') return null;
  const query = new URLSearchParams({ time: '7d' });
  if (keyId !== null) query.set('keyId', keyId);
  if (kind !== 'unusual_volume' && address !== null) query.set('q', address);
  if (kind === 'provider_failing') query.set('outcome', 'failed');
  return (
    <Anchor component={Link} href={`/audit?${query}`} underline="always">
      See requests
    </Anchor>
  );
}

function Answers({ alert, memberName, apiKey, block, acts, words }: AlertRowProps & { words: AlertWords }) {
  const busy = acts.busyId !== null;
  const { address, memberId, keyId } = alert;
  const outside = isThisComputer(address) ? null : address;
  const whose = memberName ?? 'the member';
  return (
    <Group gap={6} wrap="nowrap" className={classes.answers ?? ''}>
      {alert.kind === 'refused_keys' && block?.expiresAt != null && (
        <Button size="compact-sm" disabled={busy} onClick={() => void acts.unblock(alert, block)}>
          Unblock
        </Button>
      )}
      {alert.kind === 'refused_keys' && outside !== null && block?.expiresAt !== null && (
        <Button size="compact-sm" disabled={busy} onClick={() => void acts.blockForGood(alert, outside)}>
          Block for good…
        </Button>
      )}
      {alert.kind === 'provider_failing' && (
        <Button size="compact-sm" component={Link} href="/providers">
          Open providers
        </Button>
      )}
      {!(alert.kind === 'refused_keys' && block?.expiresAt != null) && (
        <Button size="compact-sm" disabled={busy} onClick={() => void acts.seen(alert)}>
          {settledWords(alert, memberName)}
        </Button>
      )}
      {keyId !== null && apiKey?.revokedAt === null && (
        <Button
          size="compact-sm"
          disabled={busy}
          onClick={() => void acts.revoke(alert, keyId, `${possessive(whose)} key “${apiKey.name}”`)}
        >
          Revoke key…
        </Button>
      )}
      {(memberId !== null || alert.kind === 'refused_keys') && (
        <RowMenu label={words.title}>
          {alert.kind === 'refused_keys' && (
            <Menu.Item onClick={() => void acts.seen(alert)}>Leave it as it is</Menu.Item>
          )}
          {alert.kind !== 'refused_keys' && outside !== null && (
            <Menu.Item onClick={() => void acts.blockForGood(alert, outside)}>Block {outside}…</Menu.Item>
          )}
          {memberId !== null && (
            <Menu.Item onClick={() => void acts.suspend(alert, memberId, whose)}>Suspend {whose}…</Menu.Item>
          )}
        </RowMenu>
      )}
    </Group>
  );
}
