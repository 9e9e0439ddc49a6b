import { Anchor, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Key, Limit, List } from '../../gateway/doors/admin/contract.ts';
import { getJson } from '../api/admin-api.ts';
import { useMembers } from '../api/lists.ts';
import { CONFIG } from '../api/query-keys.ts';
import { useAdminForm } from '../components/admin-form.ts';
import { FormDrawer } from '../components/form-drawer.tsx';
import { Failed, Notice, Skeletons } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { keyPrefix } from '../format.ts';
import { Facts } from './facts.tsx';
import classes from './key-drawer.module.css';
import { KeyLimitsUsed } from './key-limits-used.tsx';
import { isUsable, keyState, kindLabel, leftWords } from './key-words.ts';
import { useLimitDrafts } from './limit-drafts.ts';
import { LimitsEditor } from './limits-editor.tsx';
import { memberPath } from './member-words.ts';
import { useAct, useRefresh } from './use-act.ts';
import { useRevokeKey } from './use-revoke-key.ts';

interface KeyDrawerProps {
  listed: Key;
  onClose: () => void;
}

/** One key: what it is, its own limits, and its end. */
export function KeyDrawer({ listed, onClose }: KeyDrawerProps) {
  const limits = useQuery({
    queryKey: [CONFIG, 'limits', 'key', listed.id],
    // What is edited must be what holds.
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const query = { scope: 'key', subjectId: listed.id, pageSize: 1_000 };
      return (await getJson<List<Limit>>('/limits', query, signal)).data;
    },
  });
  if (!isUsable(listed)) return <EndedKey listed={listed} onClose={onClose} />;
  if (limits.data !== undefined) return <UsableKey listed={listed} onClose={onClose} stored={limits.data} />;
  return (
    <Drawer opened onClose={onClose} title={titleOf(listed)}>
      {limits.error === null ? (
        <Skeletons />
      ) : (
        <Failed what="The key’s limits" error={limits.error} onRetry={() => void limits.refetch()} />
      )}
    </Drawer>
  );
}

function UsableKey({ listed, onClose, stored }: KeyDrawerProps & { stored: readonly Limit[] }) {
  const limits = useLimitDrafts(stored);
  const act = useAct();
  const revoke = useRevokeKey(act);
  const refresh = useRefresh();
  const member = useMembers().data?.find(({ id }) => id === listed.memberId);
  const { busy, refusal, submit } = useAdminForm({
    initialValues: {},
    send: async () => {
      await limits.save({ scope: 'key', subjectId: listed.id });
      await refresh();
    },
    onDone: onClose,
  });

  async function end() {
    if (await revoke(listed, member?.name ?? '')) onClose();
  }
  return (
    <FormDrawer
      title={titleOf(listed)}
      onClose={onClose}
      onSubmit={() => limits.check() && submit()}
      submitLabel="Save limits"
      busy={busy}
      refusal={refusal ?? act.refusal}
      dirty={limits.dirty}
      onDelete={() => void end()}
      deleteLabel="Revoke…"
    >
      <KeyFacts listed={listed} />
      <LimitsEditor
        limits={limits}
        none={`None of its own: only ${member?.name ?? 'its member'} is limited, with all keys together.`}
      />
      {limits.drafts.length > 0 && <p className={classes.help}>{holdsWords(listed)}</p>}
      {stored.length > 0 && <KeyLimitsUsed memberId={listed.memberId} keyId={listed.id} />}
    </FormDrawer>
  );
}

function EndedKey({ listed, onClose }: KeyDrawerProps) {
  return (
    <Drawer opened onClose={onClose} title={titleOf(listed)}>
      <div className={classes.ended}>
        <Notice tone="info">
          {listed.revokedAt === null
            ? 'It has expired: requests with it get 401 key_expired.'
            : 'It is revoked for good: requests with it get 401 key_revoked.'}
        </Notice>
        <KeyFacts listed={listed} />
      </div>
    </Drawer>
  );
}

function KeyFacts({ listed }: { listed: Key }) {
  const member = useMembers().data?.find(({ id }) => id === listed.memberId);
  return (
    <Facts
      facts={[
        ['Key', <code key="key">{keyPrefix(listed.prefix)}</code>],
        [
          'Member',
          member === undefined ? (
            'deleted'
          ) : (
            <Anchor key="member" component={Link} href={memberPath(member.id)}>
              {member.name}
            </Anchor>
          ),
        ],
        ['Kind', kindLabel(listed.kind)],
        ['Made', <Time key="made" at={listed.createdAt} />],
        [
          'Last used',
          listed.lastUsedAt === null ? 'never' : <Time key="used" at={listed.lastUsedAt} how="ago" />,
        ],
        ['From', listed.lastAddress === null ? '–' : <code key="from">{listed.lastAddress}</code>],
        endOf(listed),
        [
          'Its requests',
          <Anchor key="audit" component={Link} href={`/audit?keyId=${listed.id}`}>
            In the audit
          </Anchor>,
        ],
      ]}
    />
  );
}

function endOf(key: Key): readonly [string, ReactNode] {
  if (key.revokedAt !== null) return ['Revoked', <Time key="end" at={key.revokedAt} />];
  if (key.expiresAt === null) return ['Expires', 'Never'];
  const state = keyState(key);
  if (state === 'expired') return ['Expired', <Time key="end" at={key.expiresAt} />];
  return [
    'Expires',
    <span key="end">
      <Time at={key.expiresAt} how="coming" />, {leftWords(key.expiresAt)}
    </span>,
  ];
}

function titleOf({ name }: Key): string {
  return `Key “${name}”`;
}

function holdsWords({ kind }: Key): string {
  if (kind === 'pay_per_token') return 'A pay-per-token key pays from the balance: these do not hold it.';
  if (kind === 'subscription') return 'Of a subscription key only those of 24 h hold.';
  return 'They hold beside the member’s: the tightest counts.';
}
