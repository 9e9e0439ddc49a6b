import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ImportLook, ImportLooked, ImportSource } from '../../../../gateway/doors/admin/contract.ts';
import { Fold } from '../../../components/fold.tsx';
import { Empty, Notice } from '../../../components/states.tsx';
import { FindingCard } from './finding-card.tsx';
import classes from './import-drawer.module.css';
import { LookAgain } from './look-again.tsx';

interface FoundProps {
  source: ImportSource;
  wish: ImportLook;
  looked: ImportLooked;
  onAgain: () => void;
}

/** What a look brought: each provider with a button of its own, and what stays where it is. */
export function Found({ source, wish, looked: { findings, left, problems }, onAgain }: FoundProps) {
  /** Providers that came from here, now or before: what they served together there they serve together here. */
  const [taken, setTaken] = useState<string[]>([]);
  const together = [...findings.flatMap(({ known }) => known?.id ?? []), ...taken];
  const [leftOpen, setLeftOpen] = useState(findings.length === 0);
  return (
    <>
      {problems.map((problem) => (
        <Notice key={problem} tone="bad" action={source.file !== 'chosen' && <LookAgain onClick={onAgain} />}>
          {problem}
        </Notice>
      ))}
      {findings.length === 0 && problems.length === 0 && (
        <Empty
          title="Nothing to take over"
          why={
            left.length === 0
              ? 'No provider and no key stands there.'
              : 'What stands there is listed below, with the reason it stays.'
          }
          action={<Button onClick={onAgain}>Look again</Button>}
        />
      )}
      {findings.map((finding) => (
        <FindingCard
          key={`${finding.id} ${finding.mark}`}
          {...{ source, wish, finding, together, onAgain }}
          onTaken={(id) => setTaken((before) => [...before, id])}
        />
      ))}
      {left.length > 0 && (
        <Fold
          title={`Left where it is (${left.length})`}
          open={leftOpen}
          onToggle={() => setLeftOpen(!leftOpen)}
        >
          <ul className={classes.left}>
            {left.map(({ what, place, why }) => (
              <li key={place + what}>
                <b>{what}</b> {why}
                <span className={classes.place}>{place}</span>
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}
