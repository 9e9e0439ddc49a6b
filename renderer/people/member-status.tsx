import type { Member } from '../../gateway/doors/admin/contract.ts';
import { Status } from '../components/status.tsx';
import { STATUSES } from './member-words.ts';

/** “Active” is quiet: most are. */
export function MemberStatus({ status }: { status: Member['status'] }) {
  const { label, tone } = STATUSES[status];
  return (
    <Status tone={tone} quiet={status === 'active'}>
      {label}
    </Status>
  );
}
