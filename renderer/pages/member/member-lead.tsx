import type { ReactNode } from 'react';
import type { Member } from '../../../gateway/doors/admin/contract.ts';
import { usePlans } from '../../api/lists.ts';
import { ago, day } from '../../format.ts';
import { useLastUse } from '../../people/last-use.ts';
import { toolName } from '../../tools.ts';
import { useRecent } from './queries.ts';

/** ada@studio.example. Plan pro, prepaid. Since 3 Sep, last request now from Claude Code. */
export function MemberLead({ member }: { member: Member }): ReactNode {
  const plan = usePlans().data?.find(({ id }) => id === member.planId)?.name ?? member.planId;
  const use = useLastUse();
  const last = use.member(member.id, member.lastRequestAt);
  const tool = useRecent(member.id).data?.[0]?.tool;
  const sentences = [
    ...(member.owner ? ['You, the owner'] : []),
    ...(member.email === null ? [] : [member.email]),
    `Plan ${plan}${paidWords(member)}${member.prepaid ? ', prepaid' : ''}`,
    `Since ${day(new Date(member.createdAt))}, ${lastWords(last, tool)}`,
  ];
  return `${sentences.join('. ')}.`;
}

function paidWords({ planPaidUntil }: Member): string {
  return planPaidUntil === null ? '' : `, paid until ${day(new Date(planPaidUntil))}`;
}

function lastWords(at: string | null, tool: string | undefined): string {
  if (at === null) return 'no request yet';
  return `last request ${ago(at)}${tool === undefined || tool === 'other' ? '' : ` from ${toolName(tool)}`}`;
}
