import { Anchor, Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Member, MemberPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Panel } from '../../components/panel.tsx';
import { dollars, plural, whole } from '../../format.ts';
import { possessive } from '../../people/member-words.ts';
import type { Act } from '../../people/use-act.ts';
import classes from './balance-panel.module.css';
import { LedgerTable } from './ledger-table.tsx';
import { useDays, useLedger } from './queries.ts';

interface BalancePanelProps {
  member: Member;
  act: Act;
  onGrant: () => void;
}

const FIRST_ROWS = 6;
const MORE_ROWS = 50;
/** The days a pace is taken from. */
const PACE_DAYS = 7;

/** What a member has prepaid, and the ledger that sums to it. */
export function BalancePanel({ member, act, onGrant }: BalancePanelProps) {
  const [rows, setRows] = useState(FIRST_ROWS);
  const ledger = useLedger(member.id, rows);
  const balance = ledger.data?.balance ?? member.balance;
  const total = ledger.data?.pagination.total ?? 0;
  const isUsed = member.prepaid || total > 0;
  return (
    <Panel
      title="Balance"
      flush
      aside={
        <span className={classes.aside}>
          <PrepaidSwitch member={member} act={act} />
          <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={onGrant}>
            Grant…
          </Button>
        </span>
      }
    >
      {!isUsed ? (
        <p className={classes.none}>
          Not prepaid: requests are held by limits alone. Only its pay-per-token keys would pay from a
          balance.
        </p>
      ) : (
        <>
          <div className={classes.sums}>
            <span className={classes.sum}>
              {whole(balance.tokens)} <span className={classes.unit}>tokens</span>
            </span>
            {balance.micros !== 0 && <span className={classes.sum}>{dollars(balance.micros)}</span>}
            <Pace member={member} tokens={balance.tokens} />
          </div>
          <LedgerTable
            ledger={ledger.data}
            error={ledger.error}
            onRetry={() => void ledger.refetch()}
            memberName={member.name}
          />
          {total > rows && (
            <div className={classes.more}>
              <Anchor component="button" type="button" onClick={() => setRows(rows + MORE_ROWS)}>
                Show more
              </Anchor>
              <span className="muted">
                {whole(Math.min(rows, total))} of {plural(total, 'entry', 'entries')}
              </span>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

/** How long the tokens last, were they used on as in the last week. */
function Pace({ member, tokens }: { member: Member; tokens: number }) {
  const { data } = useDays(member.id);
  if (data === undefined || tokens <= 0) return null;
  const charged = data.days.slice(-PACE_DAYS).reduce((sum, { sums }) => sum + (sums?.chargedTokens ?? 0), 0);
  if (charged === 0) return null;
  const days = (tokens * PACE_DAYS) / charged;
  const words =
    days < 1 ? 'less than a day' : days > 999 ? 'years' : `about ${plural(Math.round(days), 'day')}`;
  return (
    <span className={classes.pace}>
      {words} at {possessive(member.name)} pace
    </span>
  );
}

function PrepaidSwitch({ member, act }: { member: Member; act: Act }) {
  const confirm = useConfirm();
  const { tokens, micros } = member.balance;
  async function set(prepaid: boolean) {
    const isEmpty = tokens <= 0 && micros <= 0;
    const yes =
      !prepaid ||
      !isEmpty ||
      (await confirm({
        title: `Make ${member.name} prepaid?`,
        message:
          'The balance is empty: requests with standard keys get 402 insufficient_balance until you grant tokens or money.',
        action: 'Make prepaid',
      }));
    if (yes)
      await act.run(() => sendJson('PATCH', `/members/${member.id}`, { prepaid } satisfies MemberPatch));
  }
  return (
    <Switch
      size="xs"
      label="Prepaid"
      checked={member.prepaid}
      disabled={act.busy}
      onChange={(event) => void set(event.currentTarget.checked)}
    />
  );
}
