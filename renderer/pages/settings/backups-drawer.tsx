import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import type { Backup, Restore, Storage } from '../../../gateway/doors/admin/contract.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Empty, Notice } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { bytes, moment } from '../../format.ts';
import classes from './backups-drawer.module.css';
import { useChange } from './use-change.ts';

/** What the gateway can go back to. */
export function BackupsDrawer({ storage, onClose }: { storage: Storage; onClose: () => void }) {
  const [done, setDone] = useState<Restore | null>(null);
  const confirm = useConfirm();
  const { change, busy, error } = useChange<Backup, Restore>(
    'POST',
    ({ id }) => `/backups/${encodeURIComponent(id)}/restore`,
    setDone,
  );

  async function restore(backup: Backup) {
    const sure = await confirm({
      title: `Go back to ${moment(backup.at)}?`,
      message: `Providers, models, members, keys, limits and the audit log become what they were then. What is there now is kept as a backup first. ${storage.restartsItself ? 'The gateway starts again by itself; requests that run are let end.' : 'It happens at the next start of the gateway.'}`,
      action: 'Restore',
      destructive: true,
    });
    if (sure) change(backup);
  }
  return (
    <Drawer opened onClose={onClose} title="Backups">
      <div className={classes.body}>
        {error !== null && <Notice tone="bad">{error}</Notice>}
        {done !== null && (
          <Notice tone="ok">
            {done.restarting
              ? 'The gateway starts again with the backup.'
              : 'Restored at the next start of the gateway.'}
          </Notice>
        )}
        {storage.restoring !== null && done === null && (
          <Notice tone="warn">The next start of the gateway takes the backup {storage.restoring}.</Notice>
        )}
        <p className="secondary">
          Made by themselves every few hours and after changes. They lie in <code>backups</code> in the data
          folder; credentials are not in them.
        </p>
        <DataTable
          label="Backups"
          rows={storage.backups}
          rowKey={({ id }) => id}
          columns={[
            { id: 'at', header: 'Made', cell: ({ at }) => <Time at={at} /> },
            {
              id: 'why',
              header: 'Why',
              cell: ({ replaced }) => (replaced ? 'before a restore' : 'by itself'),
            },
            { id: 'size', header: 'Size', align: 'right', cell: (backup) => bytes(backup.bytes) },
            {
              id: 'restore',
              header: <span className="visually-hidden">Restore</span>,
              align: 'right',
              cell: (backup) => (
                <Button
                  size="compact-sm"
                  disabled={busy || done !== null}
                  onClick={() => void restore(backup)}
                >
                  Restore…
                </Button>
              ),
            },
          ]}
          empty={<Empty title="No backup yet" why="The first one is made shortly after the start." />}
        />
      </div>
    </Drawer>
  );
}
