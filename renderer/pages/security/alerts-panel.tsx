import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import type { Alert, IpBlock, Key, List, Member } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers } from '../../api/lists.ts';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failed, Notice, Skeletons } from '../../components/states.tsx';
import { AlertRow } from './alert-row.tsx';
import classes from './alerts-panel.module.css';
import { ALERTS_SHOWN, useAllAlerts, useBlocks, useOpenAlerts } from './queries.ts';
import { useAlertActs } from './use-alert-acts.ts';

/** What needs a look. Answered alerts go; they can be looked up again. */
export function AlertsPanel() {
  const [settled, setSettled] = useState(false);
  const [page, setPage] = useState(1);
  const open = useOpenAlerts();
  const all = useAllAlerts(page, settled);
  const acts = useAlertActs();
  const shown = settled ? all : open;
  const waiting = open.data?.pagination.total ?? 0;
  return (
    <Panel
      title="Alerts"
      note={open.data === undefined ? undefined : `${waiting} open`}
      aside={
        <span className={classes.aside}>
          {waiting > 1 && (
            <Anchor
              component="button"
              type="button"
              disabled={acts.busyId !== null}
              onClick={() => void acts.seeAll()}
            >
              Mark all seen
            </Anchor>
          )}
          <Anchor component="button" type="button" onClick={() => setSettled(!settled)}>
            {settled ? 'Show open ones' : 'Show settled'}
          </Anchor>
        </span>
      }
      flush
    >
      {acts.refusal !== null && <Notice tone="bad">{acts.refusal}</Notice>}
      {shown.data === undefined && shown.error === null && <Skeletons rows={3} height={52} />}
      {shown.data === undefined && shown.error !== null && (
        <Failed what="The alerts" error={shown.error} onRetry={() => void shown.refetch()} />
      )}
      {shown.data !== undefined && <Alerts list={shown.data} acts={acts} />}
      {shown.data?.pagination.total === 0 && <NoAlerts settled={settled} onShow={() => setSettled(true)} />}
      {settled && all.data !== undefined && (
        <Pager
          page={page}
          pageSize={ALERTS_SHOWN}
          total={all.data.pagination.total}
          onPage={setPage}
          label="Alerts"
        />
      )}
      {!settled && waiting > ALERTS_SHOWN && (
        <p className={classes.more}>
          The newest {ALERTS_SHOWN} of {waiting}.
        </p>
      )}
    </Panel>
  );
}

function Alerts({ list, acts }: { list: List<Alert>; acts: ReturnType<typeof useAlertActs> }) {
  const { data: members } = useMembers();
  const { data: keys } = useKeys();
  const { data: blocks } = useBlocks();
  return (
    <ul className={classes.alerts}>
      {list.data.map((alert) => (
        <AlertRow
          key={alert.id}
          alert={alert}
          memberName={find<Member>(members, alert.memberId)?.name}
          apiKey={find<Key>(keys, alert.keyId)}
          block={blockOf(blocks, alert)}
          acts={acts}
        />
      ))}
    </ul>
  );
}

function NoAlerts({ settled, onShow }: { settled: boolean; onShow: () => void }) {
  if (settled) return <Empty title="There never was an alert" />;
  return (
    <Empty
      title="Nothing needs a look"
      why="A key on a new address or about to expire, many wrong keys, unusual volume or a provider in trouble show here, and as a notification where the app may send some."
      action={<Button onClick={onShow}>Show settled</Button>}
    />
  );
}

function find<Item extends { id: string }>(items: readonly Item[] | undefined, id: string | null) {
  return items?.find((item) => item.id === id);
}

/** Of the address itself: a wider range blocks it as well, but was set for other reasons. */
function blockOf(blocks: readonly IpBlock[] | undefined, { blockId }: Alert): IpBlock | undefined {
  return blockId === null ? undefined : blocks?.find(({ id }) => id === blockId);
}
