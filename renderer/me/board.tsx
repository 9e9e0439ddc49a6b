import { Button } from '@mantine/core';
import type { Account } from '../../gateway/doors/people/contract.ts';
import { Brand } from '../colleague/brand.tsx';
import { ToolLines } from '../colleague/tool-lines.tsx';
import { Panel } from '../components/panel.tsx';
import { comingMoment, keyPrefix } from '../format.ts';
import { BalancePanel } from './balance-panel.tsx';
import classes from './board.module.css';
import { KeysPanel } from './keys-panel.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { ModelsPanel } from './models-panel.tsx';
import { RequestsPanel } from './requests-panel.tsx';
import { UsagePanel } from './usage-panel.tsx';

/** Everything a member may know of itself. */
export function Board({ account, onSignOut }: { account: Account; onSignOut: () => void }) {
  return (
    <div className={classes.board}>
      <header className={classes.top}>
        <Brand />
        <Button onClick={onSignOut}>Sign out</Button>
      </header>
      <main>
        <h1 className={classes.title}>{account.name}</h1>
        <p className={classes.lead}>{leadOf(account)}</p>
        <div className={classes.columns}>
          <div className={classes.column}>
            <LimitsPanel account={account} />
            <RequestsPanel account={account} />
            <Panel title="Set up a tool">
              <p className={classes.hint}>Put your key where the lines say {PLACE}.</p>
              <ToolLines secret={null} />
            </Panel>
          </div>
          <div className={classes.column}>
            <UsagePanel />
            <KeysPanel account={account} />
            <ModelsPanel />
            <BalancePanel account={account} />
          </div>
        </div>
      </main>
    </div>
  );
}

const PLACE = 'ntl_live_YOUR_KEY';

function leadOf({ email, plan, key }: Account): string {
  const paid = plan.paidUntil === null ? '' : `, paid until ${comingMoment(plan.paidUntil)}`;
  const ends = key.expiresAt === null ? '' : `, which ends ${comingMoment(key.expiresAt)}`;
  const who = email === null ? '' : `${email}. `;
  return `${who}Plan ${plan.name}${paid}. Signed in with ${keyPrefix(key.prefix)}, the key “${key.name}”${ends}.`;
}
