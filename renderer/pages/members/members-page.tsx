import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useMembers, usePlans } from '../../api/lists.ts';
import { useFilters } from '../../api/use-filters.ts';
import { FilterSelect } from '../../components/filter-select.tsx';
import { FilterBar, Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Empty } from '../../components/states.tsx';
import { plural, whole } from '../../format.ts';
import { memberPath, STATUSES } from '../../people/member-words.ts';
import { PeopleTabs } from '../../people/people-tabs.tsx';
import { useTodayByMember } from '../../people/queries.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { AddMember, type MemberKind } from './add-member.tsx';
import { JoiningBar } from './joining-bar.tsx';
import { MembersTable } from './members-table.tsx';
import { OnlyYou } from './only-you.tsx';
import { PendingBand } from './pending-band.tsx';
import { ORDERS, sortMembers } from './sort-members.ts';

/** With fewer there is nothing to filter. */
const FILTERED_FROM = 2;

/** Who may use the gateway: one per person or tool. */
export function MembersPage() {
  const members = useMembers();
  const { data: plans = [] } = usePlans();
  const { data: today } = useTodayByMember();
  const filters = useFilters();
  const [, navigate] = useLocation();
  const find = filters.get('find');
  const status = filters.get('status');
  const plan = filters.get('plan');
  const sort = filters.get('sort');
  const [adding, setAdding] = useState<MemberKind | null>(filters.get('add') === null ? null : 'person');
  useShortcut('n', 'Add member', () => setAdding('person'));

  const all = members.data;
  const pending = all?.filter((member) => member.status === 'pending') ?? [];
  const admitted = all?.filter((member) => member.status !== 'pending');
  const listed = status === 'pending' ? pending : admitted;
  const wanted = (find ?? '').trim().toLowerCase();
  const found = listed
    ?.filter((member) => status === null || member.status === status)
    .filter((member) => plan === null || member.planId === plan)
    .filter(({ name, email }) => `${name} ${email ?? ''}`.toLowerCase().includes(wanted));
  const shown = found && sortMembers(found, sort, today);
  const isAlone = all !== undefined && all.length < FILTERED_FROM;

  function close() {
    setAdding(null);
    filters.set({ add: null }, { replace: true });
  }
  return (
    <Page
      title="Members"
      lead="One per person or tool. Each has a plan, limits and its own keys."
      actions={
        isAlone ? undefined : (
          <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setAdding('person')}>
            Add member
          </Button>
        )
      }
    >
      <PeopleTabs here="members" />
      <JoiningBar />
      <PendingBand
        pending={pending}
        opened={filters.get('approve')}
        onOpen={(id) => filters.set({ approve: id }, { replace: id === null })}
        onAll={() => filters.set({ status: 'pending' })}
      />
      {!isAlone && (
        <FilterBar aside={listed === undefined ? undefined : countWords(shown?.length ?? 0, listed.length)}>
          <SearchField
            value={find ?? ''}
            onChange={(text) => filters.set({ find: text }, { replace: true })}
            placeholder="Find a member"
          />
          <FilterSelect
            label="Status"
            value={status}
            options={Object.entries(STATUSES).map(([value, { label }]) => ({ value, label }))}
            onChange={(value) => filters.set({ status: value })}
          />
          <FilterSelect
            label="Plan"
            value={plan}
            options={plans.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => filters.set({ plan: value })}
          />
          <FilterSelect
            label="Sort"
            value={sort}
            options={ORDERS}
            all="As added"
            onChange={(value) => filters.set({ sort: value })}
          />
        </FilterBar>
      )}
      <Panel flush>
        <MembersTable
          rows={shown}
          plans={plans}
          today={today}
          onOpen={({ id }) => navigate(memberPath(id))}
          error={members.error}
          onRetry={() => void members.refetch()}
          empty={
            <Empty
              title="Nobody fits"
              why="Another filter may find them."
              action={<Button onClick={filters.clear}>Clear filters</Button>}
            />
          }
        />
      </Panel>
      {isAlone && <OnlyYou plans={plans} onAdd={setAdding} />}
      {adding !== null && <AddMember kind={adding} onClose={close} />}
    </Page>
  );
}

function countWords(shown: number, all: number): string {
  return shown === all ? plural(all, 'member') : `${whole(shown)} of ${plural(all, 'member')}`;
}
