import { Button } from '@mantine/core';
import { IconRobot, IconUserPlus, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Plan } from '../../../gateway/doors/admin/contract.ts';
import { Panel } from '../../components/panel.tsx';
import { count } from '../../format.ts';
import type { MemberKind } from './add-member.tsx';
import { DEFAULT_PLAN } from './default-plan.ts';
import classes from './only-you.module.css';

interface OnlyYouProps {
  plans: readonly Plan[];
  onAdd: (kind: MemberKind) => void;
}

/** Why one would have more members than oneself, and how. */
export function OnlyYou({ plans, onAdd }: OnlyYouProps) {
  const plan = plans.find(({ id }) => id === DEFAULT_PLAN);
  const perMinute = plan?.requestsPerMinute ?? null;
  const start = perMinute === null ? '' : `: ${count(perMinute)} requests a minute`;
  return (
    <>
      <div className={classes.words}>
        <span className={classes.tile} aria-hidden="true">
          <IconUsers size={20} stroke={1.5} />
        </span>
        <div>
          <h2 className={classes.title}>Only you so far</h2>
          <p className={classes.why}>
            Give every person and every tool its own member. Then each has limits of its own, a key can be
            taken back without hurting the others, and the bill says who used what.
          </p>
        </div>
      </div>
      <div className={classes.ways}>
        <Way
          icon={<IconUserPlus size={18} stroke={1.5} />}
          title="Add a colleague"
          action={
            <Button variant="filled" onClick={() => onAdd('person')}>
              Add member
            </Button>
          }
        >
          You make the key and hand it over. New members start on plan {plan?.name ?? DEFAULT_PLAN}
          {start}.
        </Way>
        <Way
          icon={<IconRobot size={18} stroke={1.5} />}
          title="Add a tool"
          action={<Button onClick={() => onAdd('tool')}>Add tool</Button>}
        >
          For a build agent or a bot: a small allow-list, a daily budget, and only from its own address.
        </Way>
      </div>
    </>
  );
}

interface WayProps {
  icon: ReactNode;
  title: string;
  action: ReactNode;
  children: ReactNode;
}

function Way({ icon, title, action, children }: WayProps) {
  return (
    <Panel className={classes.way ?? ''}>
      <span className={classes.icon}>{icon}</span>
      <h3 className={classes.wayTitle}>{title}</h3>
      <p className={classes.why}>{children}</p>
      <div className={classes.action}>{action}</div>
    </Panel>
  );
}
