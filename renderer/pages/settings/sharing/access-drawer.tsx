import { Button, Drawer, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { OwnerAccess } from '../../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../../api/admin-api.ts';
import { Notice } from '../../../components/states.tsx';
import { moment } from '../../../format.ts';
import { useAct } from '../../../people/use-act.ts';
import classes from './drawers.module.css';
import { PasskeyList } from './passkey-list.tsx';
import { useOwnerAccess } from './queries.ts';

/** By what the owner signs in from other computers: the password, and passkeys. */
export function AccessDrawer({ onClose }: { onClose: () => void }) {
  const access = useOwnerAccess().data;
  return (
    <Drawer opened onClose={onClose} title="Sign-in from other computers">
      <div className={classes.body}>
        <p className="secondary">
          On this computer nobody is asked for it: the app, and the link of <code>ntl status</code>, open the
          panel as before.
        </p>
        {access !== undefined && <Password access={access} />}
        {access !== undefined && access.passwordSetAt !== null && <PasskeyList access={access} />}
      </div>
    </Drawer>
  );
}

/** Whether this page came from another computer's address. */
export const isAbroad = () =>
  window.location.protocol === 'https:' && !/^(localhost|127\.|\[::1\])/.test(window.location.hostname);

function Password({ access }: { access: OwnerAccess }) {
  const [password, setPassword] = useState('');
  const [current, setCurrent] = useState('');
  const act = useAct();
  const had = access.passwordSetAt !== null;
  const asksCurrent = had && isAbroad();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const body = { password, ...(asksCurrent ? { current } : {}) };
    if (!(await act.run(() => sendJson('PUT', '/sharing/password', body)))) return;
    setPassword('');
    setCurrent('');
  }
  return (
    <section className={classes.part}>
      <h3 className={classes.title}>Password</h3>
      <p className="secondary">
        {had && access.passwordSetAt !== null
          ? `Set ${moment(access.passwordSetAt)}. A new one signs out every browser elsewhere.`
          : 'At least 12 characters; a sentence does.'}
      </p>
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {asksCurrent && (
          <PasswordInput
            className={classes.wide ?? ''}
            label="Current password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          className={classes.wide ?? ''}
          label="New password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what was typed' }}
        />
        {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
        <Button type="submit" loading={act.busy} disabled={password === ''}>
          {had ? 'Change password' : 'Set password'}
        </Button>
      </form>
    </section>
  );
}
