import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Key } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers } from '../../api/lists.ts';
import { type Filters, useFilters } from '../../api/use-filters.ts';
import { FilterSelect } from '../../components/filter-select.tsx';
import { FilterBar, Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Empty, Notice } from '../../components/states.tsx';
import { plural, whole } from '../../format.ts';
import { KeyDrawer } from '../../people/key-drawer.tsx';
import { isUsable, KINDS, keyState } from '../../people/key-words.ts';
import { NewKeyDrawer } from '../../people/new-key.tsx';
import { useAct } from '../../people/use-act.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { KeysTable } from './keys-table.tsx';

const STATES = [
  { value: 'active', label: 'Active' },
  { value: 'soon', label: 'Expires within 14 days' },
  { value: 'expired', label: 'Expired' },
  { value: 'revoked', label: 'Revoked' },
];

/** What tools send: made here, shown once, revoked here. */
export function KeysPage() {
  const keys = useKeys();
  const { data: members = [] } = useMembers();
  const filters = useFilters();
  const act = useAct();
  const memberId = filters.get('memberId');
  const kind = filters.get('kind');
  const state = filters.get('state');
  const find = filters.get('find');
  const openId = filters.get('key');
  const [making, setMaking] = useState(filters.get('new') !== null);
  useShortcut('n', 'New key', () => setMaking(true));

  const names = new Map(members.map(({ id, name }) => [id, name]));
  const shown = keys.data
    ?.filter((key) => matches(key, filters, names.get(key.memberId) ?? ''))
    .sort((a, b) => Number(isUsable(b)) - Number(isUsable(a)));
  const open = keys.data?.find(({ id }) => id === openId);
  const isFiltered = [memberId, kind, state, find].some((value) => value !== null);

  function close() {
    setMaking(false);
    filters.set({ new: null }, { replace: true });
  }
  return (
    <Page
      title="Keys"
      lead="What tools send. Only a hash is stored, so a lost key is replaced, not found."
      actions={
        <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      <FilterBar aside={keys.data === undefined ? undefined : countWords(keys.data, shown ?? [])}>
        <SearchField
          value={find ?? ''}
          onChange={(text) => filters.set({ find: text }, { replace: true })}
          placeholder="Find a key"
        />
        <FilterSelect
          label="Member"
          value={memberId}
          options={members.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(value) => filters.set({ memberId: value })}
        />
        <FilterSelect
          label="Kind"
          value={kind}
          options={KINDS}
          onChange={(value) => filters.set({ kind: value })}
        />
        <FilterSelect
          label="State"
          value={state}
          options={STATES}
          onChange={(value) => filters.set({ state: value })}
        />
      </FilterBar>
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      <Panel flush>
        <KeysTable
          rows={shown}
          names={names}
          act={act}
          openId={openId}
          onOpen={(key) => filters.set({ key: key.id })}
          error={keys.error}
          onRetry={() => void keys.refetch()}
          empty={
            isFiltered ? (
              <Empty
                title="No key fits"
                why="Another filter may find it."
                action={<Button onClick={filters.clear}>Clear filters</Button>}
              />
            ) : (
              <Empty
                title="No keys yet"
                why="Each tool sends a key with its requests: it says who asks, and what holds for them."
                action={
                  <Button variant="filled" onClick={() => setMaking(true)}>
                    Make the first
                  </Button>
                }
              />
            )
          }
        />
      </Panel>
      {making && <NewKeyDrawer memberId={memberId} onClose={close} />}
      {open !== undefined && (
        <KeyDrawer key={open.id} listed={open} onClose={() => filters.set({ key: null })} />
      )}
    </Page>
  );
}

function matches(key: Key, filters: Filters, memberName: string): boolean {
  const kind = filters.get('kind');
  const memberId = filters.get('memberId');
  const wantedState = filters.get('state');
  if (memberId !== null && key.memberId !== memberId) return false;
  if (kind !== null && key.kind !== kind) return false;
  const state = keyState(key);
  // What expires soon still works.
  if (wantedState !== null && wantedState !== state && !(wantedState === 'active' && state === 'soon'))
    return false;
  const wanted = (filters.get('find') ?? '').trim().toLowerCase();
  // Somebody may look for a key by the whole of it, or by what the audit shows.
  const isPrefix = wanted.startsWith('ntl_') && wanted.startsWith(key.prefix.toLowerCase());
  return isPrefix || `${key.name} ${key.prefix} ${memberName}`.toLowerCase().includes(wanted);
}

/** 11 active, 1 revoked. */
function countWords(all: readonly Key[], shown: readonly Key[]): string {
  if (shown.length !== all.length) return `${whole(shown.length)} of ${plural(all.length, 'key')}`;
  const active = all.filter(isUsable).length;
  const revoked = all.filter(({ revokedAt }) => revokedAt !== null).length;
  const expired = all.length - active - revoked;
  const parts = [`${whole(active)} active`];
  if (expired > 0) parts.push(`${whole(expired)} expired`);
  if (revoked > 0) parts.push(`${whole(revoked)} revoked`);
  return parts.join(', ');
}
