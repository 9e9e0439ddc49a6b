import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useFilters } from '../../api/use-filters.ts';
import { Page } from '../../components/page.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { AlertsPanel } from './alerts-panel.tsx';
import { AllChanges } from './all-changes.tsx';
import { BlockDrawer } from './block-drawer.tsx';
import { BlocksPanel } from './blocks-panel.tsx';
import { ChangesPanel } from './changes-panel.tsx';
import { Posture } from './posture.tsx';
import { RulesPanel } from './rules-panel.tsx';
import classes from './security-page.module.css';
import { SessionsDrawer } from './sessions-drawer.tsx';

/** How the gateway is protected, what needs a look, who is kept out, and what was changed. */
export function SecurityPage() {
  return useFilters().get('view') === 'changes' ? <AllChanges /> : <Overview />;
}

function Overview() {
  const filters = useFilters();
  const [sessions, setSessions] = useState(false);
  // Other pages ask about an address: /security?block=192.168.1.203.
  const block = filters.get('block');
  const openBlock = () => filters.set({ block: 'new' });
  useShortcut('n', 'Block an address', openBlock);
  return (
    <Page
      title="Security"
      lead="What needs a look, who is kept out, and what you changed."
      actions={
        <Button leftSection={<IconPlus size={15} stroke={1.5} />} onClick={openBlock}>
          Block an address
        </Button>
      }
    >
      <Posture onSessions={() => setSessions(true)} />
      <AlertsPanel />
      <div className={classes.columns}>
        <div className={classes.column}>
          <BlocksPanel onBlock={openBlock} />
          <RulesPanel />
        </div>
        <ChangesPanel />
      </div>
      {block !== null && (
        <BlockDrawer address={block === 'new' ? '' : block} onClose={() => filters.set({ block: null })} />
      )}
      {sessions && <SessionsDrawer onClose={() => setSessions(false)} />}
    </Page>
  );
}
