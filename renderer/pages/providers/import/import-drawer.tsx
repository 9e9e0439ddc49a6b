import { Drawer } from '@mantine/core';
import { useState } from 'react';
import type { ImportSource } from '../../../../gateway/doors/admin/contract.ts';
import { Failed, Skeletons } from '../../../components/states.tsx';
import classes from './import-drawer.module.css';
import { useSources } from './queries.ts';
import { SourceList } from './source-list.tsx';
import { SourceView } from './source-view.tsx';

/** Providers and keys set up elsewhere: which source, then each of what is found there by itself. */
export function ImportDrawer({ onClose }: { onClose: () => void }) {
  const sources = useSources();
  const [opened, setOpened] = useState<ImportSource | null>(null);
  return (
    <Drawer opened onClose={onClose} title="Bring them from elsewhere">
      {opened === null ? (
        <div className={classes.body}>
          <p className="secondary">
            Keys that other tools have already come into the vault here. Nothing is read before you ask for
            it, nothing is stored before you say so, and the files stay as they are.
          </p>
          {sources.isPending && <Skeletons rows={7} height={56} />}
          {sources.isError && (
            <Failed
              what="What is set up elsewhere"
              error={sources.error}
              onRetry={() => void sources.refetch()}
            />
          )}
          {sources.data !== undefined && <SourceList sources={sources.data} onOpen={setOpened} />}
        </div>
      ) : (
        <SourceView
          source={opened}
          onBack={() => {
            setOpened(null);
            void sources.refetch();
          }}
          onDone={onClose}
        />
      )}
    </Drawer>
  );
}
