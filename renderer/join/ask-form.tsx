import { Anchor, Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import type { JoinStatus } from '../../gateway/doors/people/contract.ts';
import { AdminError } from '../api/admin-api.ts';
import { askOwn } from '../colleague/ask.ts';
import { CardPage, Part } from '../colleague/card-page.tsx';
import { Notice, wordsOf } from '../components/states.tsx';
import classes from './join.module.css';

interface AskFormProps {
  status: JoinStatus;
  onAsked: (told: JoinStatus) => void;
}

/** Who are you, and what for. */
export function AskForm({ status, onAsked }: AskFormProps) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', email: '', purpose: '' } });

  async function send(values: typeof form.values) {
    setBusy(true);
    setRefusal(null);
    try {
      onAsked(await askOwn<JoinStatus>('POST', '/join', values));
    } catch (error) {
      const field = error instanceof AdminError ? error.param : null;
      if (field !== null && field in values) form.setFieldError(field, wordsOf(error));
      else setRefusal(wordsOf(error));
      setBusy(false);
    }
  }
  return (
    <CardPage
      title={`Join the gateway on “${status.gateway}”`}
      lead="It gives your tools access to language models with a key of your own. Say who you are; the owner approves."
    >
      <form className={classes.form} noValidate onSubmit={form.onSubmit((values) => void send(values))}>
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          withAsterisk={false}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Email"
          type="email"
          autoComplete="email"
          placeholder="you@example.com"
          description="Optional. Only the owner sees it."
          {...form.getInputProps('email')}
        />
        <TextInput
          label="What for"
          autoComplete="off"
          placeholder="For Cline on my laptop."
          description="Optional. A line helps the owner decide."
          {...form.getInputProps('purpose')}
        />
        {refusal !== null && <Notice tone="bad">{refusal}</Notice>}
        <Button type="submit" variant="filled" fullWidth loading={busy}>
          Ask to join
        </Button>
      </form>
      <Part title="What the owner can see">
        <p>
          Times, models, token counts, cost and your address. Never your prompts or the answers: they are not
          stored.
        </p>
        {status.fingerprint !== null && (
          <p className={classes.certificate}>
            <IconLock size={14} stroke={1.5} aria-hidden="true" />
            <span>
              Compare certificate <code title={status.fingerprint}>{status.fingerprint.slice(0, 17)}</code>{' '}
              with the owner’s. <Anchor href="/ca">How to trust it</Anchor>
            </span>
          </p>
        )}
      </Part>
      <Part title="What follows">
        <p>
          The owner has {status.waitsHours} hours to answer. Then your key can be fetched for{' '}
          {status.collectMinutes} minutes, once, in this browser alone. You can close the page and come back.
        </p>
      </Part>
    </CardPage>
  );
}
