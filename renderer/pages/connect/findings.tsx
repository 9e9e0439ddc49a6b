import { Anchor, Button } from '@mantine/core';
import { Link } from 'wouter';
import type { ConnectFinding } from '../../../gateway/doors/admin/contract.ts';
import { Notice } from '../../components/states.tsx';
import classes from './findings.module.css';

interface FindingsProps {
  findings: readonly ConnectFinding[];
  /** Of the tool: what leads back to this page is no way out. */
  here: string;
  /** Opens what writes the settings anew; null where that is open, or the tool has no files. */
  onSetUp: (() => void) | null;
}

/** What keeps the tool from working as it is set up now, and what to do. */
export function Findings({ findings, here, onSetUp }: FindingsProps) {
  const ills = findings.filter(({ state }) => state !== 'ok').toSorted(worstFirst);
  if (ills.length === 0) return null;
  const again = ills.some(({ mend }) => mend?.page === here);
  return (
    <Notice
      tone={ills.some(({ state }) => state === 'bad') ? 'bad' : 'warn'}
      action={again && onSetUp !== null && <Button onClick={onSetUp}>Set it up again</Button>}
    >
      <span className={classes.findings}>
        {ills.map(({ check, what, mend }) => (
          <span key={`${check} ${what}`} className={classes.finding}>
            <span>{what}</span>
            {mend !== null && (
              <span className={classes.mend}>
                {mend.text}.
                {mend.page !== undefined && mend.page !== here && (
                  <>
                    {' '}
                    <Anchor component={Link} href={mend.page} underline="always">
                      Go there
                    </Anchor>
                  </>
                )}
              </span>
            )}
          </span>
        ))}
      </span>
    </Notice>
  );
}

function worstFirst(one: ConnectFinding, other: ConnectFinding): number {
  return Number(other.state === 'bad') - Number(one.state === 'bad');
}
