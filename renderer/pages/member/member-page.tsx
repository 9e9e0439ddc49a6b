import { Anchor, Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import { AdminError } from '../../api/admin-api.ts';
import { Page } from '../../components/page.tsx';
import { Empty, Failed, Notice, Skeletons } from '../../components/states.tsx';
import { MemberStatus } from '../../people/member-status.tsx';
import { NewKeyDrawer } from '../../people/new-key.tsx';
import { useMember } from '../../people/queries.ts';
import { useAct } from '../../people/use-act.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { AccessDrawer } from './access-drawer.tsx';
import { AccessPanel } from './access-panel.tsx';
import { BalancePanel } from './balance-panel.tsx';
import { EditDrawer } from './edit-drawer.tsx';
import { GrantDrawer } from './grant-drawer.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { LimitDrawer, type LimitTask } from './limit-drawer.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { MemberLead } from './member-lead.tsx';
import { MemberMenu } from './member-menu.tsx';
import classes from './member-page.module.css';
import { RecentPanel } from './recent-panel.tsx';
import { TokensPanel } from './tokens-panel.tsx';
import { useMemberActs } from './use-member-acts.ts';

/** One member: what holds for it, what it used, what it may. */
export function MemberPage() {
  const { id = '' } = useParams();
  const member = useMember(id);
  if (member.data !== undefined) return <OneMember key={id} member={member.data} />;
  if (member.error === null) return <Skeletons />;
  if (member.error instanceof AdminError && [400, 404].includes(member.error.status)) {
    return (
      <Page title="Nobody here" above={<Above />}>
        <Empty
          title="There is no such member"
          why="It may have been deleted. What it did stays in the audit."
          action={
            <Button component={Link} href="/members">
              All members
            </Button>
          }
        />
      </Page>
    );
  }
  return (
    <Page title="Member" above={<Above />}>
      <Failed what="The member" error={member.error} onRetry={() => void member.refetch()} />
    </Page>
  );
}

function Above() {
  return (
    <>
      <Anchor component={Link} href="/members" c="inherit">
        Members
      </Anchor>{' '}
      /
    </>
  );
}

export type MemberTask = { what: 'limit'; limit: LimitTask } | { what: 'key' | 'grant' | 'access' | 'edit' };

function OneMember({ member }: { member: Member }) {
  const act = useAct();
  const acts = useMemberActs(member, act);
  const [task, setTask] = useState<MemberTask | null>(null);
  const close = () => setTask(null);
  const addLimit = () => setTask({ what: 'limit', limit: { kind: 'add' } });
  useShortcut('n', 'Add limit', addLimit);
  useShortcut('e', 'Edit member', () => setTask({ what: 'edit' }));

  return (
    <Page
      title={
        <>
          <span className={classes.name}>{member.name}</span>
          <span className={classes.status}>
            <MemberStatus status={member.status} />
          </span>
        </>
      }
      above={<Above />}
      lead={<MemberLead member={member} />}
      actions={
        <>
          <Button onClick={addLimit}>Add limit</Button>
          <StateButton member={member} acts={acts} busy={act.busy} />
          <MemberMenu member={member} acts={acts} onTask={setTask} />
        </>
      }
    >
      {act.refusal !== null && (
        <Notice tone="bad" action={<Button onClick={act.dismiss}>Close</Button>}>
          {act.refusal}
        </Notice>
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          <LimitsPanel member={member} onTask={setTask} />
          <BalancePanel member={member} act={act} onGrant={() => setTask({ what: 'grant' })} />
          <RecentPanel memberId={member.id} />
        </div>
        <div className={`${classes.column} ${classes.aside}`}>
          <TokensPanel memberId={member.id} />
          <KeysPanel member={member} onNew={() => setTask({ what: 'key' })} />
          <AccessPanel member={member} onEdit={() => setTask({ what: 'access' })} />
        </div>
      </div>
      {task?.what === 'limit' && <LimitDrawer member={member} task={task.limit} onClose={close} />}
      {task?.what === 'key' && <NewKeyDrawer memberId={member.id} onClose={close} />}
      {task?.what === 'grant' && <GrantDrawer member={member} onClose={close} />}
      {task?.what === 'access' && <AccessDrawer member={member} onClose={close} />}
      {task?.what === 'edit' && <EditDrawer member={member} onClose={close} onDelete={acts.remove} />}
    </Page>
  );
}

/** What one does most with a member in this state. */
function StateButton({
  member,
  acts,
  busy,
}: {
  member: Member;
  acts: ReturnType<typeof useMemberActs>;
  busy: boolean;
}) {
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
