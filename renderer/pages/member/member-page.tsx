import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import { AdminError } from '../../api/admin-api.ts';
import { Page } from '../../components/page.tsx';
import { Empty, Failed, Notice, Skeletons } from '../../components/states.tsx';
import { MemberStatus } from '../../people/member-status.tsx';
import { NewKeyDrawer } from '../../people/new-key.tsx';
import { useMember } from '../../people/queries.ts';
import { type Act, useAct } from '../../people/use-act.ts';
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
import { StateButton } from './state-button.tsx';
import { TokensPanel } from './tokens-panel.tsx';
import { useMemberActs } from './use-member-acts.ts';

/** One member: what holds for it, what it used, what it may. */
export function MemberPage() {
  const { id = '' } = useParams();
  const [leaving, setLeaving] = useState<string | null>(null);
  const isLeaving = leaving === id;
  const member = useMember(id, !isLeaving);
  if (member.data !== undefined) {
    return (
      <OneMember
        key={id}
        member={member.data}
        isLeaving={isLeaving}
        onLeaving={(now) => setLeaving(now ? id : null)}
      />
    );
  }
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

interface OneMemberProps {
  member: Member;
  isLeaving: boolean;
  onLeaving: (leaving: boolean) => void;
}

function OneMember({ member, isLeaving, onLeaving }: OneMemberProps) {
  const act = useAct();
  const acts = useMemberActs(member, act, onLeaving);
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
      lead={isLeaving ? undefined : <MemberLead member={member} />}
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
      {!isLeaving && <Panels member={member} act={act} onTask={setTask} />}
      {task?.what === 'limit' && <LimitDrawer member={member} task={task.limit} onClose={close} />}
      {task?.what === 'key' && <NewKeyDrawer memberId={member.id} onClose={close} />}
      {task?.what === 'grant' && <GrantDrawer member={member} onClose={close} />}
      {task?.what === 'access' && <AccessDrawer member={member} onClose={close} />}
      {task?.what === 'edit' && <EditDrawer member={member} onClose={close} onDelete={acts.remove} />}
    </Page>
  );
}

interface PanelsProps {
  member: Member;
  act: Act;
  onTask: (task: MemberTask) => void;
}

function Panels({ member, act, onTask }: PanelsProps) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <LimitsPanel member={member} onTask={onTask} />
        <BalancePanel member={member} act={act} onGrant={() => onTask({ what: 'grant' })} />
        <RecentPanel memberId={member.id} />
      </div>
      <div className={`${classes.column} ${classes.aside}`}>
        <TokensPanel memberId={member.id} />
        <KeysPanel member={member} onNew={() => onTask({ what: 'key' })} />
        <AccessPanel member={member} onEdit={() => onTask({ what: 'access' })} />
      </div>
    </div>
  );
}
