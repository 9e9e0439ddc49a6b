import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import classes from './fold.module.css';

interface FoldProps {
  title: string;
  open: boolean;
  onToggle: () => void;
  /** What it holds, while it is shut. */
  note?: ReactNode;
  children: ReactNode;
}

/** What few need, shut until asked for. */
export function Fold({ title, open, onToggle, note, children }: FoldProps) {
  const id = useId();
  return (
    <div>
      <UnstyledButton
        className={classes.head ?? ''}
        aria-expanded={open}
        aria-controls={id}
        onClick={onToggle}
      >
        <IconChevronRight size={15} className={classes.chevron ?? ''} data-open={open || undefined} />
        {title}
        {!open && note !== undefined && <span className={classes.note}>{note}</span>}
      </UnstyledButton>
      <Collapse expanded={open} id={id}>
        <div className={classes.body}>{children}</div>
      </Collapse>
    </div>
  );
}
