import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { whole } from '../format.ts';
import classes from './pager.module.css';

interface PagerProps {
  /** From 1 on. */
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
  /** What is paged through. */
  label: string;
}

/** Which part of a list one sees, and the way to the next. Nothing where all of it shows. */
export function Pager({ page, pageSize, total, onPage, label }: PagerProps) {
  if (total <= pageSize) return null;
  const [first, last] = [(page - 1) * pageSize + 1, Math.min(total, page * pageSize)];
  return (
    <nav className={classes.pager} aria-label={`Pages: ${label}`}>
      <span className="muted" role="status">
        {whole(first)} to {whole(last)} of {whole(total)}
      </span>
      <Button
        size="compact-sm"
        leftSection={<IconChevronLeft size={14} />}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        Newer
      </Button>
      <Button
        size="compact-sm"
        rightSection={<IconChevronRight size={14} />}
        disabled={last >= total}
        onClick={() => onPage(page + 1)}
      >
        Older
      </Button>
    </nav>
  );
}
