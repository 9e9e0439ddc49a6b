import type { Status } from '../../../gateway/doors/admin/contract.ts';
import { moment } from '../../format.ts';

/** What the owner must know of this start, such as a restored database. */
export function Notices({ notices }: { notices: Status['notices'] }) {
  return notices.map((notice) => (
    <p key={`${notice.kind} ${notice.at}`} className="notice warn">
      {notice.message} <time dateTime={notice.at}>{moment(notice.at)}</time>
    </p>
  ));
}
