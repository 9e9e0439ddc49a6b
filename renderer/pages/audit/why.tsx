import { Button, Group } from '@mantine/core';
import { Link } from 'wouter';
import type { AuditRow, AuditRowDetail } from '../../../gateway/doors/admin/contract.ts';
import { outcomeOf } from './audit-query.ts';
import { chargeWords, explain } from './explanations.ts';
import { LimitsNow } from './limits-now.tsx';
import { RefusedBy } from './refused-by.tsx';
import classes from './row-detail.module.css';

/** Why a request was refused, or failed: what its code means, what it cost, what to do. */
export function Why({ row, detail }: { row: AuditRow; detail: AuditRowDetail | undefined }) {
  const explanation = explain(row);
  if (explanation === null) return null;
  const { title, means, remedy, links } = explanation;
  return (
    <section>
      <h3 className={classes.title}>{outcomeOf(row) === 'refused' ? 'Why refused' : 'Why it failed'}</h3>
      <p className={classes.line}>
        <b>{title}.</b> {means}
      </p>
      {detail !== undefined && detail.refusedBy !== null && (
        <RefusedBy row={row} refusal={detail.refusedBy} />
      )}
      <p className={classes.line}>{chargeWords(row)}</p>
      <p className={classes.line}>{remedy}</p>
      <LimitsNow row={row} />
      {links.length > 0 && (
        <Group gap={8} mt={10}>
          {links.map(({ label, href }) => (
            <Button key={href} component={Link} href={href} size="compact-sm">
              {label}
            </Button>
          ))}
        </Group>
      )}
    </section>
  );
}
