import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { CopyBlock } from '../../components/copy-button.tsx';
import { wordsOf } from '../../components/states.tsx';
import { Mark } from '../../shell/mark.tsx';
import classes from './sign-in.module.css';
import { signIn } from './sign-in.ts';

/** On this computer: by the link of `ntl status`, or by the admin token. */
export function HereSignIn() {
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(token.trim());
      window.location.reload();
    } catch (error) {
      setRefusal(wordsOf(error));
      setBusy(false);
    }
  }
  return (
    <main className={classes.place}>
      <div className={classes.card}>
        <Mark />
        <h1 className={classes.title}>This browser is not signed in</h1>
        <p className="secondary">
          Only the owner of this computer may see the panel. Run this in a terminal and open the panel address
          that it prints; it works once.
        </p>
        <CopyBlock text="npm run -s ntl -- status" label="the command" />
        <form className={classes.form} onSubmit={(event) => void submit(event)}>
          <PasswordInput
            label="Or the admin token"
            description="It is in runtime.json in the data folder; each start makes a new one."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={refusal}
            autoComplete="off"
          />
          <Button type="submit" variant="filled" loading={busy} disabled={token.trim() === ''}>
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}
