import { useLocation } from 'wouter';
import type { Member, MemberPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { dollars, plural, whole } from '../../format.ts';
import type { Act } from '../../people/use-act.ts';

export interface MemberActs {
  activate: () => void;
  suspend: () => void;
  disable: () => void;
  remove: () => void;
}

/**
 * What changes a member's state: each asks where it takes something away, and says what follows. `onLeaving` is
 * told while the member is being deleted: its page then asks for nothing that may be gone.
 */
export function useMemberActs(member: Member, act: Act, onLeaving: (leaving: boolean) => void): MemberActs {
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const { id, name } = member;
  const patch = (body: MemberPatch) => act.run(() => sendJson('PATCH', `/members/${id}`, body));

  async function suspend() {
    const yes = await confirm({
      title: `Suspend ${name}?`,
      message: `From the next request on every key of ${name} gets 403 suspended. Requests that run end as usual; nothing is lost, and you can resume at any time.`,
      action: 'Suspend',
      destructive: true,
    });
    if (yes) await patch({ status: 'suspended' });
  }
  async function disable() {
    const yes = await confirm({
      title: `Disable ${name}?`,
      message: `For members that are not used for long: every key of ${name} gets 403 access_disabled from the next request on. Keys, limits and balance stay, and you can enable it again.`,
      action: 'Disable',
      destructive: true,
    });
    if (yes) await patch({ status: 'disabled' });
  }
  async function remove() {
    const yes = await confirm({
      title: `Delete ${name}?`,
      message: `${whatGoes(member)} Its requests stay in the audit and in the usage. This cannot be undone; suspending can.`,
      action: 'Delete',
      destructive: true,
    });
    if (!yes) return;
    onLeaving(true);
    const gone = await act.run(async () => {
      await sendJson('DELETE', `/members/${id}`);
      navigate('/members');
    });
    if (!gone) onLeaving(false);
  }
  return {
    activate: () => void patch({ status: 'active' }),
    suspend: () => void suspend(),
    disable: () => void disable(),
    remove: () => void remove(),
  };
}

function whatGoes({ keys, balance }: Member): string {
  const parts = [
    keys === 0
      ? 'Its limits go.'
      : `Its ${plural(keys, 'key')} stop${keys === 1 ? 's' : ''} working at once, and its limits go.`,
  ];
  if (balance.tokens > 0) parts.push(`${whole(balance.tokens)} prepaid tokens are lost.`);
  if (balance.micros > 0) parts.push(`${dollars(balance.micros)} of prepaid money is lost.`);
  return parts.join(' ');
}
