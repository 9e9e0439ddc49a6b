import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { useKeys } from '../../api/lists.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { duration, keyPrefix, NOTHING, utc } from '../../format.ts';
import { Facts } from '../../people/facts.tsx';
import { memberPath } from '../../people/member-words.ts';
import { toolName } from '../../tools.ts';
import classes from './row-detail.module.css';

/** Who sent a request, from where and to what. */
export function RequestFacts({ row }: { row: AuditRow }) {
  const key = useKeys().data?.find(({ id }) => id === row.keyId);
  return (
    <section>
      <h3 className={classes.title}>Request</h3>
      <Facts
        facts={[
          ['Id', <RequestId key="id" id={row.requestId} />],
          ['At', utc(row.at)],
          ['Member', <MemberLink key="member" row={row} />],
          [
            'Key',
            row.keyPrefix === null ? (
              NOTHING
            ) : (
              <>
                {key !== undefined && `${key.name} `}
                <code>{keyPrefix(row.keyPrefix)}</code>
              </>
            ),
          ],
          ['From', <code key="from">{row.address}</code>],
          ['Tool', toolName(row.tool)],
          ['Endpoint', <code key="endpoint">{row.endpoint}</code>],
          ['Streamed', row.streamed ? 'yes' : 'no'],
          ...(row.code === null ? [] : [['Code', <code key="code">{row.code}</code>] as const]),
          ...(row.ttfbMs === null ? [] : [['First byte', duration(row.ttfbMs)] as const]),
        ]}
      />
    </section>
  );
}

/** Its beginning tells it apart; the whole is copied. */
function RequestId({ id }: { id: string }) {
  return (
    <span className={classes.id}>
      <code title={id}>{`${id.slice(0, 8)}…${id.slice(-6)}`}</code>
      <CopyButton text={id} label="the request id" />
    </span>
  );
}

function MemberLink({ row: { memberId, memberName } }: { row: AuditRow }) {
  if (memberId === null) return NOTHING;
  return (
    <Anchor component={Link} href={memberPath(memberId)}>
      {memberName ?? `member ${memberId}`}
    </Anchor>
  );
}
