import { Button, Group, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  AlertWebhook,
  AlertWebhookSet,
  AlertWebhookTest,
} from '../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { ShownOnce } from '../../components/shown-once.tsx';
import { Notice } from '../../components/states.tsx';
import { ago, plural } from '../../format.ts';
import { useAct } from '../../people/use-act.ts';

/** How it goes is told anew every few seconds, as long as somebody looks. */
function useWebhook() {
  return useQuery({
    queryKey: [CONFIG, 'alert-webhook'],
    queryFn: ({ signal }) => getJson<AlertWebhook>('/alert-webhook', {}, signal),
    refetchInterval: 5_000,
  }).data;
}

/** Where alerts are sent, beside the panel and the notifications. */
export function WebhookDrawer({ onClose }: { onClose: () => void }) {
  const webhook = useWebhook();
  const [secret, setSecret] = useState<string | null>(null);
  if (secret !== null) return <Secret secret={secret} onClose={onClose} />;
  if (webhook === undefined) return null;
  return <Form webhook={webhook} onSecret={setSecret} onClose={onClose} />;
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <ShownOnce
      title="The signing secret of the webhook"
      secret={secret}
      what="secret"
      lead="Give it to whoever receives the alerts, to check that they come from here. It is shown this once; if it gets lost, make a new one."
      facts={[['Signed as', 'Standard Webhooks, HMAC-SHA256']]}
      onClose={onClose}
    />
  );
}

interface FormProps {
  webhook: AlertWebhook;
  onSecret: (secret: string) => void;
  onClose: () => void;
}

function Form({ webhook, onSecret, onClose }: FormProps) {
  const client = useQueryClient();
  const removing = useAct();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { url: webhook.url ?? '', newSecret: false },
    send: ({ url, newSecret }) => sendJson<AlertWebhookSet>('PUT', '/alert-webhook', { url, newSecret }),
    onDone: ({ secret }) => {
      void client.invalidateQueries({ queryKey: [CONFIG, 'alert-webhook'] });
      if (secret === null) onClose();
      else onSecret(secret);
    },
  });
  async function remove() {
    if (await removing.run(() => sendJson('DELETE', '/alert-webhook'))) onClose();
  }
  return (
    <FormDrawer
      title="Webhook for alerts"
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal ?? removing.refusal}
      dirty={form.isDirty()}
      {...(webhook.url === null ? {} : { onDelete: () => void remove(), deleteLabel: 'Send nowhere' })}
    >
      <p className="secondary">
        Each alert is posted there as JSON, signed as{' '}
        <a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">
          Standard Webhooks
        </a>
        . It holds what this page shows: never a key, a credential or a word of a request.
      </p>
      <TextInput
        label="Address"
        placeholder="https://hooks.example.com/alerts"
        description="HTTPS, or HTTP to this computer. Redirects are not followed."
        data-autofocus
        {...form.getInputProps('url')}
      />
      {webhook.url !== null && (
        <>
          <Switch
            label="Make a new signing secret"
            description="The one before is of no use from then on."
            {...form.getInputProps('newSecret', { type: 'checkbox' })}
          />
          <HowItGoes webhook={webhook} />
        </>
      )}
    </FormDrawer>
  );
}

function HowItGoes({ webhook }: { webhook: AlertWebhook }) {
  const [test, setTest] = useState<AlertWebhookTest | null>(null);
  const act = useAct();
  const { lastDelivered, lastFailure, waiting, lost } = webhook;
  return (
    <>
      <Group gap={12}>
        <Button
          loading={act.busy}
          onClick={() =>
            void act.run(async () => setTest(await sendJson<AlertWebhookTest>('POST', '/alert-webhook/test')))
          }
        >
          Send a test
        </Button>
        <span className="muted">
          {lastDelivered === null
            ? 'Nothing was taken since the start.'
            : `Last taken ${ago(lastDelivered)}.`}
          {waiting > 0 && ` ${plural(waiting, 'message')} waiting.`}
          {lost > 0 && ` ${plural(lost, 'message')} lost.`}
        </span>
      </Group>
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      {test !== null && (
        <Notice tone={test.ok ? 'ok' : 'bad'}>
          {test.message} {test.latencyMs} ms.
        </Notice>
      )}
      {test === null && lastFailure !== null && (
        <Notice tone="warn">
          {lastFailure.message} {waiting > 0 && 'It is tried again by itself.'}
        </Notice>
      )}
    </>
  );
}
