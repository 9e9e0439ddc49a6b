import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { AuditRow, AuditRowDetail } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { AUDIT } from '../../api/query-keys.ts';
import { AttemptsTable } from './attempts-table.tsx';
import { outcomeOf } from './audit-query.ts';
import { ChecksList } from './checks-list.tsx';
import { RequestFacts } from './request-facts.tsx';
import classes from './row-detail.module.css';
import { UseFacts } from './use-facts.tsx';
import { Why } from './why.tsx';

/** All that is known of a request: never a word of what it said. */
export function RowDetail({ row }: { row: AuditRow }) {
  const { data: detail } = useDetail(row);
  const refused = outcomeOf(row) === 'refused';
  return (
    <div className={classes.detail}>
      <div className={classes.first}>
        <Why row={row} detail={detail} />
        {!refused && detail !== undefined && <Attempts row={detail} />}
        {row.dropped !== null && <Dropped names={row.dropped} />}
      </div>
      <div className={classes.second}>{refused ? <ChecksList row={row} /> : <UseFacts row={row} />}</div>
      <div className={classes.third}>
        <RequestFacts row={row} />
      </div>
    </div>
  );
}

/** Codes of a limit or a balance that was asked for more than it had. */
const HAS_FIGURES = new Set(['rate_limit_minute', 'quota_day', 'quota_month', 'insufficient_balance']);

/** Where nothing failed, and no figures refused it, the row itself says it all. */
function useDetail(row: AuditRow) {
  const simple =
    (row.attempts === 0 && !HAS_FIGURES.has(row.code ?? '')) ||
    (row.attempts === 1 && row.status > 0 && row.status < 400);
  return useQuery({
    // A row that runs still is read again once it has ended.
    queryKey: [AUDIT, 'detail', row.id, row.status],
    queryFn: ({ signal }) => getJson<AuditRowDetail>(`/requests/${row.id}`, {}, signal),
    enabled: !simple,
    ...(simple ? { initialData: { ...row, refusedBy: null, failedAttempts: [] } } : {}),
  });
}

function Attempts({ row }: { row: AuditRowDetail }) {
  if (row.attempts === 0 && row.failedAttempts.length === 0) return null;
  return (
    <section>
      <h3 className={classes.title}>{row.attempts === 1 ? 'Attempt' : 'Attempts'}</h3>
      <AttemptsTable row={row} />
      {row.failedAttempts.map(({ providerId, providerName }, index) =>
        providerId === null ? null : (
          <p key={`${providerId} ${index}`} className={classes.line}>
            <Anchor component={Link} href={`/providers/${providerId}`}>
              Open {providerName ?? 'the provider'}
            </Anchor>
          </p>
        ),
      )}
    </section>
  );
}

/** What the answer’s `x-ntl-dropped` told the tool. */
function Dropped({ names }: { names: string }) {
  return (
    <section>
      <h3 className={classes.title}>Left out on the way</h3>
      <p className={classes.line}>
        The provider’s protocol has no place for <code>{names}</code>. The tool was told so in{' '}
        <code>x-ntl-dropped</code>.
      </p>
    </section>
  );
}
