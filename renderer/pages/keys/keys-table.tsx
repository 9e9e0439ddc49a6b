import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { Alert, Key, List } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { ALERTS } from '../../api/query-keys.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { RowMenu } from '../../components/row-menu.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { keyPrefix, NOTHING } from '../../format.ts';
import { isUsable, keyState, kindLabel, leftWords } from '../../people/key-words.ts';
import { type LastUse, useLastUse } from '../../people/last-use.ts';
import type { Act } from '../../people/use-act.ts';
import { useRevokeKey } from '../../people/use-revoke-key.ts';
import classes from './keys-table.module.css';

interface KeysTableProps {
  rows: readonly Key[] | undefined;
  /** Members' by id. */
  names: ReadonlyMap<string, string>;
  act: Act;
  openId: string | null;
  onOpen: (key: Key) => void;
  error: unknown;
  onRetry: () => void;
  empty: ReactNode;
}

export function KeysTable({ rows, names, act, openId, onOpen, error, onRetry, empty }: KeysTableProps) {
  const [, navigate] = useLocation();
  const revoke = useRevokeKey(act);
  const use = useLastUse();
  const fresh = useNewAddresses();
  return (
    <div className={classes.keys}>
      <DataTable
        label="Keys"
        columns={columnsOf(names, use, fresh)}
        rows={rows}
        rowKey={({ id }) => id}
        rowHeight={40}
        onOpen={onOpen}
        isOpen={({ id }) => id === openId}
        isOff={(key) => !isUsable(key)}
        menu={(key) => (
          <RowMenu label={key.name}>
            <Menu.Item onClick={() => onOpen(key)}>{isUsable(key) ? 'Facts and limits…' : 'Facts'}</Menu.Item>
            <Menu.Item onClick={() => navigate(`/audit?keyId=${key.id}`)}>Its requests</Menu.Item>
            {isUsable(key) && (
              <>
                <Menu.Divider />
                <Menu.Item color="red" onClick={() => void revoke(key, names.get(key.memberId) ?? '')}>
                  Revoke…
                </Menu.Item>
              </>
            )}
          </RowMenu>
        )}
        error={error}
        onRetry={onRetry}
        empty={empty}
      />
    </div>
  );
}

function columnsOf(
  names: ReadonlyMap<string, string>,
  use: LastUse,
  fresh: ReadonlySet<string>,
): Column<Key>[] {
  return [
    { id: 'name', header: 'Name', cell: (key) => <Name used={key.name} /> },
    { id: 'key', header: 'Key', cell: ({ prefix }) => <code>{keyPrefix(prefix)}</code> },
    { id: 'member', header: 'Member', cell: ({ memberId }) => <Member name={names.get(memberId)} /> },
    {
      id: 'kind',
      header: 'Kind',
      from: 1200,
      cell: ({ kind }) => <span className={classes.quiet}>{kindLabel(kind)}</span>,
    },
    {
      id: 'made',
      header: 'Made',
      from: 1200,
      cell: ({ createdAt }) => (
        <span className="muted">
          <Time at={createdAt} />
        </span>
      ),
    },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ id, lastUsedAt }) => <LastUsed at={use.key(id, lastUsedAt)} />,
    },
    {
      id: 'from',
      header: 'From',
      cell: ({ id, lastAddress }) => {
        const address = use.address(id, lastAddress);
        return <From address={address} isNew={address !== null && fresh.has(`${id} ${address}`)} />;
      },
    },
    { id: 'expires', header: 'Expires', cell: (key) => <Expiry listed={key} /> },
  ];
}

function Name({ used }: { used: string }) {
  return (
    <span className={classes.name} title={used}>
      {used}
    </span>
  );
}

function Member({ name }: { name: string | undefined }) {
  if (name === undefined) return <span className="muted">deleted</span>;
  return (
    <span className={classes.member} title={name}>
      {name}
    </span>
  );
}

function LastUsed({ at }: { at: string | null }) {
  if (at === null) return <span className="muted">never</span>;
  if (Date.now() - Date.parse(at) >= 60_000) return <Time at={at} how="ago" />;
  return (
    <Status tone="ok" quiet>
      <Time at={at} how="ago" />
    </Status>
  );
}

function From({ address, isNew }: { address: string | null; isNew: boolean }) {
  if (address === null) return <span className="muted">{NOTHING}</span>;
  if (!isNew) return <code className="muted">{address}</code>;
  return (
    <Status tone="warn">
      <code>{address}</code> new
    </Status>
  );
}

function Expiry({ listed }: { listed: Key }) {
  const state = keyState(listed);
  if (state === 'revoked') return 'Revoked';
  if (state === 'expired') return 'Expired';
  if (listed.expiresAt === null) return <span className="muted">Never</span>;
  return (
    <span className={state === 'soon' ? classes.soon : ''}>
      <Time at={listed.expiresAt} how="coming" />
      {state === 'soon' && `, ${leftWords(listed.expiresAt)}`}
    </span>
  );
}

/** Where a key was first used from and nobody has looked at the alert yet: “key address”. */
function useNewAddresses(): ReadonlySet<string> {
  const { data } = useQuery({
    queryKey: [ALERTS, 'new-addresses'],
    queryFn: async ({ signal }) =>
      (await getJson<List<Alert>>('/alerts', { unseen: true, pageSize: 1_000 }, signal)).data,
  });
  return new Set(
    data?.filter(({ kind }) => kind === 'new_address').map(({ keyId, address }) => `${keyId} ${address}`),
  );
}
