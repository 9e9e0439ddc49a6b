import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { Alert, IpBlock, Key } from '../../../gateway/doors/admin/contract.ts';
import { Dot } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { comingMoment } from '../../format.ts';
import { AlertAnswers, GivenAnswer } from './alert-answers.tsx';
import { alertWords, isThisComputer } from './alert-words.ts';
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
      {open ? (
        <AlertAnswers {...props} title={words.title} />
      ) : (
        <GivenAnswer {...props} title={words.title} />
      )}
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

/** The requests an alert came from. */
function Evidence({ alert: { kind, address, keyId, providerId } }: { alert: Alert }) {
  if (kind === 'billing' || kind === 'key_expiring') return null;
  const query = new URLSearchParams({ time: '7d' });
  if (keyId !== null) query.set('keyId', keyId);
  if (kind !== 'unusual_volume' && address !== null) query.set('q', address);
  if (providerId !== null) query.set('outcome', 'failed');
  return (
    <Anchor component={Link} href={`/audit?${query}`} underline="always">
      See requests
    </Anchor>
  );
}
