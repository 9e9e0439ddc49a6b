import { Link } from 'wouter';
import { useMembers, usePlans } from '../api/lists.ts';
import classes from './people-tabs.module.css';

/** Members and plans are one place with two views. */
export function PeopleTabs({ here }: { here: 'members' | 'plans' }) {
  const members = useMembers().data?.filter(({ status }) => status !== 'pending').length;
  const plans = usePlans().data?.length;
  return (
    <nav className={classes.tabs} aria-label="Members and plans">
      <Tab href="/members" isHere={here === 'members'} label="Members" amount={members} />
      <Tab href="/members/plans" isHere={here === 'plans'} label="Plans" amount={plans} />
    </nav>
  );
}

interface TabProps {
  href: string;
  isHere: boolean;
  label: string;
  amount: number | undefined;
}

function Tab({ href, isHere, label, amount }: TabProps) {
  return (
    <Link href={href} className={classes.tab} aria-current={isHere ? 'page' : undefined}>
      {label}
      {amount !== undefined && <span className={classes.amount}>{amount.toLocaleString('en-US')}</span>}
    </Link>
  );
}
