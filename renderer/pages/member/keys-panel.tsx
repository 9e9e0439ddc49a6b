import { Anchor, Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Key, Member } from '../../../gateway/doors/admin/contract.ts';
import { useKeys } from '../../api/lists.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { keyPrefix, plural, whole } from '../../format.ts';
import { KeyDrawer } from '../../people/key-drawer.tsx';
import { isUsable, keyState, leftWords } from '../../people/key-words.ts';
import { type LastUse, useLastUse } from '../../people/last-use.ts';
import classes from './keys-panel.module.css';

const MOST_SHOWN = 6;

/** A member's keys that work, the last used first; the others are one link away. */
export function KeysPanel({ member, onNew }: { member: Member; onNew: () => void }) {
  const keys = useKeys();
  const use = useLastUse();
  const [openId, setOpenId] = useState<string | null>(null);
  const all = keys.data?.filter(({ memberId }) => memberId === member.id);
  const usable = all
    ?.filter(isUsable)
    .toSorted((a, b) => (b.lastUsedAt ?? '').localeCompare(a.lastUsedAt ?? ''));
  const open = all?.find(({ id }) => id === openId);
  const others = (all?.length ?? 0) - Math.min(usable?.length ?? 0, MOST_SHOWN);
  return (
    <Panel
      title="Keys"
      note={usable === undefined ? undefined : whole(usable.length)}
      aside={
        <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={onNew}>
          New key
        </Button>
      }
      flush
    >
      <div className={classes.keys}>
        <DataTable
          label={`Keys of ${member.name}`}
          columns={columnsOf(use)}
          rows={usable?.slice(0, MOST_SHOWN)}
          rowKey={({ id }) => id}
          rowHeight={34}
          onOpen={({ id }) => setOpenId(id)}
          error={keys.error}
          onRetry={() => void keys.refetch()}
          empty={
            <Empty
              title="No key"
              why={`${member.name} can send nothing without one.`}
              action={<Button onClick={onNew}>New key</Button>}
            />
          }
        />
      </div>
      {others > 0 && (
        <div className={classes.others}>
          <Anchor component={Link} href={`/keys?memberId=${member.id}`}>
            {plural(others, 'other key')}
          </Anchor>
        </div>
      )}
      {open !== undefined && <KeyDrawer key={open.id} listed={open} onClose={() => setOpenId(null)} />}
    </Panel>
  );
}

function columnsOf(use: LastUse): Column<Key>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      cell: ({ name }) => (
        <span className={classes.name} title={name}>
          {name}
        </span>
      ),
    },
    {
      id: 'key',
      header: 'Key',
      width: 120,
      cell: ({ prefix }) => <code className="secondary">{keyPrefix(prefix.slice(0, 13))}</code>,
    },
    {
      id: 'used',
      header: 'Last used',
      align: 'right',
      width: 106,
      cell: (key) => <Used listed={key} at={use.key(key.id, key.lastUsedAt)} />,
    },
  ];
}

/** That it ends soon is worth more than when it was used. */
function Used({ listed, at }: { listed: Key; at: string | null }) {
  if (keyState(listed) === 'soon' && listed.expiresAt !== null)
    return <span className={classes.soon}>ends {leftWords(listed.expiresAt)}</span>;
  return <span className="muted">{at === null ? 'never used' : <Time at={at} how="ago" />}</span>;
}
