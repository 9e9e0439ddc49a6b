import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import classes from './rules-panel.module.css';
import { WebhookDrawer } from './webhook-drawer.tsx';

/** What the gateway watches by itself, as gateway/audit has it (alerts.ts, unusual-volume.ts, expiring-keys.ts). */
const RULES: readonly (readonly [when: string, then: string])[] = [
  ['20 wrong keys from one address in 60 s', 'block for 15 min'],
  ['A key on a new address', 'alert'],
  ['Five times a key’s busiest hour of the week', 'alert'],
  ['A key expires in 7 days, and in 1', 'alert'],
  ['A provider fails three times in a row', 'alert'],
  ['A provider refuses its credential', 'alert'],
];

export function RulesPanel() {
  const [webhook, setWebhook] = useState(false);
  return (
    <Panel
      title="Rules"
      note="watched by itself"
      aside={
        <Anchor component="button" type="button" onClick={() => setWebhook(true)}>
          Webhook…
        </Anchor>
      }
      flush
    >
      <dl className={classes.rules}>
        {RULES.map(([when, then]) => (
          <div key={when} className={classes.rule}>
            <dt>{when}</dt>
            <dd>{then}</dd>
          </div>
        ))}
      </dl>
      {webhook && <WebhookDrawer onClose={() => setWebhook(false)} />}
    </Panel>
  );
}
