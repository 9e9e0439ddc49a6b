import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Account } from '../../gateway/doors/people/contract.ts';
import { askOwn } from '../colleague/ask.ts';
import { OWN, type OwnKey, useOwnKeys } from '../colleague/queries.ts';
import { useConfirm } from '../components/confirm.tsx';
import { Panel } from '../components/panel.tsx';
import { Failed, Notice, Skeletons, wordsOf } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { comingMoment, keyPrefix, whole } from '../format.ts';
import classes from './keys-panel.module.css';
import { NewKey } from './new-key.tsx';

/** The member's keys that work. */
export function KeysPanel({ account }: { account: Account }) {
  const { data, error, refetch } = useOwnKeys();
  const [making, setMaking] = useState(false);
  const usable = data?.filter(isUsable);
  const why = whyNone(account);
  return (
    <Panel
      title="Keys"
      note={usable === undefined ? undefined : whole(usable.length)}
      aside={
        why === null ? (
          <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
            New key
          </Button>
        ) : undefined
      }
      flush
    >
      {usable === undefined && error === null && <Skeletons rows={2} height={46} />}
      {usable === undefined && error !== null && (
        <Failed what="The keys" error={error} onRetry={() => void refetch()} />
      )}
      <ul className={classes.list}>
        {usable?.map((key) => (
          <Row key={key.id} shown={key} account={account} />
        ))}
      </ul>
      {why !== null && <p className={classes.why}>{why}</p>}
      {making && <NewKey account={account} onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function Row({ shown, account }: { shown: OwnKey; account: Account }) {
  const confirm = useConfirm();
  const client = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const isOwn = shown.id === account.key.id;

  async function revoke() {
    const yes = await confirm({
      title: `Revoke the key “${shown.name}”?`,
      message: isOwn
        ? 'You signed in with it: this page is signed out, and tools that use it get 401 key_revoked from the next request on.'
        : 'Tools that use it get 401 key_revoked from the next request on; running ones end as usual. It cannot be brought back.',
      action: 'Revoke',
      destructive: true,
    });
    if (!yes) return;
    try {
      await askOwn('DELETE', `/me/api/tenant/keys/${shown.id}`);
    } catch (error) {
      setRefusal(wordsOf(error));
    }
    await client.invalidateQueries({ queryKey: [OWN] });
  }
  return (
    <li className={classes.row}>
      <span className={classes.name}>
        {shown.name}
        {isOwn && <span className={classes.here}>this one</span>}
      </span>
      <code className={classes.prefix}>{keyPrefix(shown.prefix)}</code>
      <span className={classes.used}>{usedWords(shown)}</span>
      {account.selfService && (
        <Button size="compact-sm" onClick={() => void revoke()} aria-label={`Revoke ${shown.name}`}>
          Revoke…
        </Button>
      )}
      {refusal !== null && (
        <div className={classes.refusal}>
          <Notice tone="bad">{refusal}</Notice>
        </div>
      )}
    </li>
  );
}

/** That it ends is worth more than when it was used. */
function usedWords({ expires_at: expiresAt, last_used_at: usedAt }: OwnKey) {
  if (expiresAt !== null) return `ends ${comingMoment(expiresAt)}`;
  return usedAt === null ? 'never used' : <Time at={usedAt} how="ago" />;
}

function isUsable({ revoked_at: revokedAt, expires_at: expiresAt }: OwnKey): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now());
}

/** Why no key can be made here; null where one can. */
function whyNone({ selfService, key }: Account): string | null {
  if (!selfService) return 'The owner makes and revokes your keys.';
  return key.limited
    ? 'This key has limits of its own, so it makes no others. Sign in with another, or ask the owner.'
    : null;
}
