import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import type { JoinRequest, Member } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useJoinRequests, useMembers } from '../../api/lists.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Notice } from '../../components/states.tsx';
import { Tile } from '../../components/tile.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../format.ts';
import { useAct } from '../../people/use-act.ts';
import { ApproveDrawer } from './approve-drawer.tsx';
import { JoinDrawer } from './join-drawer.tsx';
import classes from './pending-band.module.css';
import { RefuseQuestion } from './refuse-question.tsx';

interface PendingBandProps {
  pending: readonly Member[];
  /** Whose approval is open, by the page's address; null for nobody's. */
  opened: string | null;
  onOpen: (memberId: string | null) => void;
  /** Shows all of them in the table. */
  onAll: () => void;
}

const MOST_SHOWN = 3;

/** Who asks to join, above everybody who has; and whose key was not fetched in time. */
export function PendingBand({ pending, opened, onOpen, onAll }: PendingBandProps) {
  const confirm = useConfirm();
  const act = useAct();
  const requests = useJoinRequests().data;
  const [refusing, setRefusing] = useState<JoinRequest | null>(null);
  const asked = new Map(requests?.map((request) => [request.memberId, request]));
  const members = useMembers().data;
  // A key that was made by hand meanwhile does as well.
  const keyless = new Set(members?.filter(({ keys }) => keys === 0).map(({ id }) => id));
  const late =
    requests?.filter(({ state, memberId }) => state === 'uncollected' && keyless.has(memberId)) ?? [];
  const approving = pending.find(({ id }) => id === opened);
  const request = asked.get(approving?.id ?? '');

  /** Who asked by the page is told why; a member that was added by hand is only taken away. */
  async function refuse({ id, name, keys }: Member) {
    const request = asked.get(id);
    if (request !== undefined) return setRefusing(request);
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
  if (pending.length === 0 && late.length === 0) return null;
  return (
    <section className={classes.band} aria-label="Ask to join">
      {pending.slice(0, MOST_SHOWN).map((member) => (
        <div key={member.id} className={classes.one}>
          <Tile name={member.name} size={32} />
          <div className={classes.words}>
            <div className={classes.what}>
              <b>{member.name}</b> asks to join
              {asked.get(member.id)?.purpose != null && `: ${asked.get(member.id)?.purpose}`}
            </div>
            <div className={classes.line}>
              Since <Time at={member.createdAt} />
              {member.email !== null && `, ${member.email}`}
              {asked.has(member.id) && `, from ${asked.get(member.id)?.address}`}
            </div>
          </div>
          <Button onClick={() => void refuse(member)} aria-label={`Decline ${member.name}`}>
            Decline…
          </Button>
          <Button onClick={() => onOpen(member.id)} aria-label={`Approve ${member.name}`}>
            Approve…
          </Button>
        </div>
      ))}
      {pending.length > MOST_SHOWN && (
        <Anchor component="button" type="button" className={classes.more ?? ''} onClick={onAll}>
          {plural(pending.length - MOST_SHOWN, 'more asks', 'more ask')} to join
        </Anchor>
      )}
      {late.map(({ id, name, until }) => (
        <div key={id} className={classes.one}>
          <Tile name={name} size={32} />
          <div className={classes.words}>
            <div className={classes.what}>
              <b>{name}</b> did not fetch the key in time
            </div>
            <div className={classes.line}>
              It could be fetched until <Time at={until} />. Offered again, it shows in the same browser.
            </div>
          </div>
          <Button
            onClick={() => void act.run(() => sendJson('POST', `/join-requests/${id}/offer`))}
            aria-label={`Offer ${name} the key again`}
          >
            Offer again
          </Button>
        </div>
      ))}
      {act.refusal !== null && <Notice tone="bad">{act.refusal}</Notice>}
      {approving !== undefined && requests !== undefined && request === undefined && (
        <ApproveDrawer member={approving} onClose={() => onOpen(null)} />
      )}
      {approving !== undefined && request !== undefined && (
        <JoinDrawer member={approving} request={request} onClose={() => onOpen(null)} />
      )}
      {refusing !== null && <RefuseQuestion request={refusing} onClose={() => setRefusing(null)} />}
    </section>
  );
}
