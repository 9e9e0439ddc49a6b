import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import type { MemberActs } from './use-member-acts.ts';

interface StateButtonProps {
  member: Member;
  acts: MemberActs;
  busy: boolean;
}

/** What one does most with a member in this state. */
export function StateButton({ member, acts, busy }: StateButtonProps) {
  if (member.status === 'active') {
    return (
      <Button leftSection={<IconPlayerPause size={15} stroke={1.5} />} onClick={acts.suspend} loading={busy}>
        Suspend…
      </Button>
    );
  }
  const labels = { pending: 'Approve', suspended: 'Resume', disabled: 'Enable' };
  return (
    <Button
      variant="filled"
      leftSection={<IconPlayerPlay size={15} stroke={1.5} />}
      onClick={acts.activate}
      loading={busy}
    >
      {labels[member.status]}
    </Button>
  );
}
