import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import type { MemberTask } from './member-page.tsx';
import type { MemberActs } from './use-member-acts.ts';

interface MemberMenuProps {
  member: Member;
  acts: MemberActs;
  onTask: (task: MemberTask) => void;
}

/** What one does seldom. */
export function MemberMenu({ member, acts, onTask }: MemberMenuProps) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" size={32} aria-label={`Actions for ${member.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onTask({ what: 'edit' })}>Edit…</Menu.Item>
        <Menu.Item onClick={() => onTask({ what: 'key' })}>New key…</Menu.Item>
        <Menu.Item onClick={() => onTask({ what: 'grant' })}>Grant…</Menu.Item>
        <Menu.Item onClick={() => onTask({ what: 'access' })}>What it may use…</Menu.Item>
        <Menu.Divider />
        {member.status !== 'disabled' && <Menu.Item onClick={acts.disable}>Disable…</Menu.Item>}
        <Menu.Item color="red" onClick={acts.remove}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
