import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { OwnerAccess, Passkey, PasskeyQuestion } from '../../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../../api/admin-api.ts';
import { useSharing } from '../../../api/lists.ts';
import { useConfirm } from '../../../components/confirm.tsx';
import { Notice } from '../../../components/states.tsx';
import { Time } from '../../../components/time.tsx';
import { useAct } from '../../../people/use-act.ts';
import { canUsePasskeys, makePasskey } from '../../sign-in/passkey.ts';
import classes from './drawers.module.css';

/** The passkeys there are; one more where this page stands at a name. */
export function PasskeyList({ access }: { access: OwnerAccess }) {
  const act = useAct();
  const confirm = useConfirm();
  async function remove({ id, name }: Passkey) {
    const sure = await confirm({
      title: `Take the passkey “${name}” no more?`,
      message: 'Browsers that are signed in over the network are signed out.',
      action: 'Remove',
      destructive: true,
    });
    if (sure) await act.run(() => sendJson('DELETE', `/sharing/passkeys/${id}`));
  }
  return (
    <section className={classes.part}>
      <h3 className={classes.title}>Passkeys</h3>
      <ul className={classes.keys}>
        {access.passkeys.map((passkey) => (
          <li key={passkey.id} className={classes.key}>
            <span className={classes.words}>
              <b>{passkey.name}</b>
              <span className="muted">
                For {passkey.host},{' '}
                {passkey.lastUsedAt === null ? (
                  'never used'
                ) : (
                  <>
                    used <Time at={passkey.lastUsedAt} how="ago" />
                  </>
                )}
              </span>
            </span>
            <Button
              size="compact-sm"
              disabled={act.busy}
              aria-label={`Remove ${passkey.name}…`}
              onClick={() => void remove(passkey)}
            >
              Remove…
            </Button>
          </li>
        ))}
      </ul>
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      {canUsePasskeys() ? <AddPasskey /> : <Elsewhere />}
    </section>
  );
}

/** Browsers bind passkeys to a name, and the window and loopback have another than colleagues' computers see. */
function Elsewhere() {
  const sharing = useSharing().data;
  const named = sharing?.urls.find((url) => /[a-z]/i.test(new URL(url).hostname.replace(/^\[.*/, '')));
  return (
    <p className="secondary">
      Passkeys belong to a name, not to an address. To add one, open the panel as{' '}
      <code>{named ?? 'https://NAME'}/panel/</code> in the browser that shall have it, on a computer that
      trusts the certificate.
    </p>
  );
}

function AddPasskey() {
  const [name, setName] = useState('');
  const act = useAct();
  async function add(event: FormEvent) {
    event.preventDefault();
    const done = await act.run(async () => {
      const question = await sendJson<PasskeyQuestion>('POST', '/sharing/passkeys/options', {});
      const response = await makePasskey(question);
      await sendJson('POST', '/sharing/passkeys', { name, response });
    });
    if (done) setName('');
  }
  return (
    <form className={classes.form} onSubmit={(event) => void add(event)}>
      <TextInput
        className={classes.wide ?? ''}
        label="Name of a new passkey"
        placeholder="Laptop"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      <Button type="submit" loading={act.busy} disabled={name.trim() === ''}>
        Add passkey…
      </Button>
    </form>
  );
}
