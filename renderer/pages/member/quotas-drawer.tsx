import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { List, Member, QuotaRow } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { useKeys } from '../../api/lists.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Empty } from '../../components/states.tsx';
import { whole } from '../../format.ts';
import { isUsable } from '../../people/key-words.ts';
import classes from './quotas-drawer.module.css';

/** More than anybody publishes. */
const ALL_ROWS = 10_000;

const UNITS = { RPM: 'requests', TPM: 'tokens', IPM: 'images' };

/** What each model may be asked in a minute: the quota list, as the member or one of its keys is held to it. */
export function QuotasDrawer({ member, onClose }: { member: Member; onClose: () => void }) {
  const [keyId, setKeyId] = useState<string | null>(null);
  const [quotaObject, setQuotaObject] = useState('');
  const keys = useKeys().data?.filter((key) => key.memberId === member.id && isUsable(key)) ?? [];
  const quotas = useQuery({
    queryKey: [CONFIG, 'quotas', member.id, keyId, quotaObject],
    queryFn: async ({ signal }) => {
      const query = {
        ...{ memberId: member.id, quotaObject, pageSize: ALL_ROWS },
        ...(keyId === null ? {} : { keyId }),
      };
      return (await getJson<List<QuotaRow>>('/quotas', query, signal)).data;
    },
    placeholderData: (before) => before,
  });
  return (
    <Drawer opened onClose={onClose} title={`What ${member.name} may ask in a minute`}>
      <div className={classes.body}>
        <div className={classes.filters}>
          <SearchField
            value={quotaObject}
            onChange={setQuotaObject}
            placeholder="Find model"
            shortcut={false}
            autoFocus
          />
          <FilterSelect
            label="Key"
            value={keyId}
            options={keys.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setKeyId}
            all="Any standard key"
          />
        </div>
        <DataTable
          label={`Quotas of ${member.name}`}
          columns={COLUMNS}
          rows={quotas.data}
          rowKey={({ quotaObject: model, quotaType }) => `${model} ${quotaType}`}
          rowHeight={40}
          error={quotas.error}
          onRetry={() => void quotas.refetch()}
          empty={
            <Empty
              title="Nothing is limited by the minute"
              why="No such limit holds for these models: the plan has none, or the key is metered by the day or by a balance."
            />
          }
        />
      </div>
    </Drawer>
  );
}

const COLUMNS: Column<QuotaRow>[] = [
  {
    id: 'model',
    header: 'Model',
    cell: ({ quotaObject }) => (
      <code className={classes.model} title={quotaObject}>
        {quotaObject}
      </code>
    ),
  },
  { id: 'unit', header: 'Per minute', width: 92, cell: ({ quotaType }) => UNITS[quotaType] },
  { id: 'now', header: 'Holds now', align: 'right', width: 92, cell: (row) => <Holds row={row} /> },
  {
    id: 'plan',
    header: 'Plan’s',
    align: 'right',
    width: 92,
    cell: ({ defaultQuota }) => (
      <span className="muted">{defaultQuota === null ? 'no limit' : whole(defaultQuota)}</span>
    ),
  },
];

/** What is not the plan's stands out. */
function Holds({ row: { currentQuota, defaultQuota } }: { row: QuotaRow }) {
  return currentQuota === defaultQuota ? whole(currentQuota) : <b>{whole(currentQuota)}</b>;
}
