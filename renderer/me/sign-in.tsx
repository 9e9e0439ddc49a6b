import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { askOwn } from '../colleague/ask.ts';
import { CardPage, Part } from '../colleague/card-page.tsx';
import { Notice, wordsOf } from '../components/states.tsx';
import classes from './me-page.module.css';

interface SignInProps {
  /** Why one that was there has ended. */
  why: string | null;
  onSignedIn: () => void;
}

/** Shows the key to the gateway, once; the browser keeps a session in its place. */
export function SignIn({ why, onSignedIn }: SignInProps) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await askOwn('POST', '/me/session', { key });
      setKey('');
      onSignedIn();
    } catch (error) {
      setRefusal(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <CardPage
      title="Your page"
      lead="What you may use here, and how much of it is left. Sign in with your key."
    >
      <form className={classes.signIn} onSubmit={(event) => void submit(event)}>
        {why !== null && refusal === null && <Notice tone="warn">{why}</Notice>}
        <PasswordInput
          label="Your key"
          placeholder="ntl_live_…"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={refusal}
          description="It is sent once and not kept in the browser."
        />
        <Button type="submit" variant="filled" fullWidth loading={busy} disabled={key.trim() === ''}>
          Sign in
        </Button>
      </form>
      <Part title="No key yet?">
        <p>The owner of this gateway gives you one, or lets you ask for one.</p>
      </Part>
    </CardPage>
  );
}
