import { Button, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { Account } from '../../gateway/doors/people/contract.ts';
import { askOwn } from '../colleague/ask.ts';
import { usePlansOnSale } from '../colleague/queries.ts';
import { Panel } from '../components/panel.tsx';
import { Notice, wordsOf } from '../components/states.tsx';
import { dollars, whole } from '../format.ts';
import classes from './balance-panel.module.css';

/** What is prepaid, and how to add to it where the owner takes payments. */
export function BalancePanel({ account }: { account: Account }) {
  const { tokens, micros } = account.balance;
  const counts = account.prepaid || account.key.kind === 'pay_per_token' || tokens !== 0 || micros !== 0;
  return (
    <Panel title="Balance">
      {counts ? (
        <>
          <p className={classes.sum}>
            {whole(tokens)} <span>tokens</span>
          </p>
          <p className={classes.sum}>
            {dollars(micros)} <span>US dollars</span>
          </p>
        </>
      ) : (
        <p className="secondary">Nothing here is paid from a balance.</p>
      )}
      {account.payments ? (
        <Payments account={account} />
      ) : (
        <p className={classes.none}>Payments are not set up here.</p>
      )}
    </Panel>
  );
}

function Payments({ account }: { account: Account }) {
  const plans = usePlansOnSale(true).data ?? [];
  const [amount, setAmount] = useState<string | number>(20);
  const [plan, setPlan] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function go(what: string, path: string, body?: unknown) {
    setBusy(what);
    setRefusal(null);
    try {
      const { url } = await askOwn<{ url: string }>('POST', `/me/api/tenant/billing/${path}`, body);
      window.location.assign(url);
    } catch (error) {
      setRefusal(wordsOf(error));
      setBusy(null);
    }
  }
  return (
    <div className={classes.payments}>
      <div className={classes.line}>
        <NumberInput
          label="Add dollars"
          prefix="$"
          min={5}
          max={1_000}
          decimalScale={2}
          clampBehavior="none"
          value={amount}
          onChange={setAmount}
        />
        <Button
          loading={busy === 'topup'}
          onClick={() => void go('topup', 'topup', { amount: Number(amount) })}
        >
          Top up
        </Button>
      </div>
      {account.selfService && plans.length > 0 && (
        <div className={classes.line}>
          <Select
            label="Plan for 30 days"
            placeholder="Choose"
            data={plans.map(({ id, name, price_micros: price }) => ({
              value: id,
              label: `${name}, ${dollars(price)}`,
            }))}
            value={plan}
            onChange={setPlan}
          />
          <Button
            loading={busy === 'checkout'}
            disabled={plan === null}
            onClick={() => void go('checkout', 'checkout', { plan })}
          >
            Pay
          </Button>
        </div>
      )}
      <Button loading={busy === 'portal'} onClick={() => void go('portal', 'portal')}>
        Invoices and cards
      </Button>
      {refusal !== null && <Notice tone="warn">{refusal}</Notice>}
    </div>
  );
}
