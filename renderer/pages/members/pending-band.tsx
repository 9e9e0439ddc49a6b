import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Notice } from '../../components/states.tsx';
import { Tile } from '../../components/tile.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../format.ts';
import { useAct } from '../../people/use-act.ts';
import { ApproveDrawer } from './approve-drawer.tsx';
import classes from './pending-band.module.css';

interface PendingBandProps {
  pending: readonly Member[];
  /** Shows all of them in the table. */
  onAll: () => void;
}

const MOST_SHOWN = 3;

/** Who asks to join, above everybody who has. */
export function PendingBand({ pending, onAll }: PendingBandProps) {
  const confirm = useConfirm();
  const act = useAct();
  const [approving, setApproving] = useState<Member | null>(null);

  async function decline({ id, name, keys }: Member) {
    const yes = await confirm({
      title: `Decline ${name}?`,
      message:
        keys === 0
          ? `${name} is taken off the list. Asking again is possible.`
          : `${name} is taken off the list, and the ${plural(keys, 'key')} made for ${name} never work${keys === 1 ? 's' : ''}. Asking again is possible.`,
      action: 'Decline',
      destructive: true,
    });
    if (yes) await act.run(() => sendJson('DELETE', `/members/${id}`));
  }
  if (pending.length === 0) return null;
  return (
    <section className={classes.band} aria-label="Ask to join">
      {pending.slice(0, MOST_SHOWN).map((member) => (
        <div key={member.id} className={classes.one}>
          <Tile name={member.name} size={32} />
          <div className={classes.words}>
            <div>
              <b>{member.name}</b> asks to join
            </div>
            <div className={classes.line}>
              Since <Time at={member.createdAt} />
              {member.email !== null && `, ${member.email}`}
            </div>
          </div>
          <Button onClick={() => void decline(member)} aria-label={`Decline ${member.name}`}>
            Decline…
          </Button>
          <Button onClick={() => setApproving(member)} aria-label={`Approve ${member.name}`}>
            Approve…
          </Button>
        </div>
      ))}
      {pending.length > MOST_SHOWN && (
        <Anchor component="button" type="button" className={classes.more ?? ''} onClick={onAll}>
          {plural(pending.length - MOST_SHOWN, 'more asks', 'more ask')} to join
        </Anchor>
      )}
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      {approving !== null && <ApproveDrawer member={approving} onClose={() => setApproving(null)} />}
    </section>
  );
}
