import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SignInWays } from '../../../gateway/doors/admin/contract.ts';
import { Notice, wordsOf } from '../../components/states.tsx';
import { Mark } from '../../shell/mark.tsx';
import { canUsePasskeys } from './passkey.ts';
import classes from './sign-in.module.css';
import { signInByPasskey, signInByPassword } from './sign-in.ts';

/** From another computer: by the owner's password or a passkey. */
export function NetworkSignIn({ ways }: { ways: SignInWays }) {
  const [password, setPassword] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState<'password' | 'passkey' | null>(null);

  async function enter(way: 'password' | 'passkey', work: () => Promise<void>) {
    setBusy(way);
    setRefusal(null);
    try {
      await work();
      window.location.reload();
    } catch (error) {
      setRefusal(wordsOf(error));
      setBusy(null);
    }
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void enter('password', () => signInByPassword(password));
  }
  return (
    <main className={classes.place}>
      <div className={classes.card}>
        <Mark />
        <h1 className={classes.title}>The owner’s panel</h1>
        <p className="secondary">For the owner of this gateway alone. Colleagues need only their key.</p>
        <form className={classes.form} onSubmit={submit}>
          <PasswordInput
            label="Password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show what was typed' }}
          />
          {refusal !== null && <Notice tone="bad">{refusal}</Notice>}
          <Button
            type="submit"
            variant="filled"
            loading={busy === 'password'}
            disabled={password === '' || busy !== null}
          >
            Sign in
          </Button>
          {ways.passkey && canUsePasskeys() && (
            <Button
              loading={busy === 'passkey'}
              disabled={busy !== null}
              onClick={() => void enter('passkey', signInByPasskey)}
            >
              Sign in with a passkey
            </Button>
          )}
        </form>
      </div>
    </main>
  );
}
