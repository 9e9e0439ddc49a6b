import type { Changes } from '../../audit/changes.ts';
import type { Joining } from './joining.ts';

/** To be called every minute or so: what has waited too long is taken off the list, and the log of changes says so. */
export function tidyJoining({ joining, changes }: { joining: Joining; changes: Changes }): void {
  for (const { request, member } of joining.sweep()) {
    const action = member === null ? 'member.uncollected' : 'member.unanswered';
    const subject = `member:${request.memberId}`;
    changes.record({ actor: 'time', action, subject, before: { name: member?.name ?? request.name } });
  }
}
