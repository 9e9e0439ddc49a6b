import type { CreatedKey } from '../../gateway/doors/admin/contract.ts';
import { useMembers, usePlans } from '../api/lists.ts';
import { ShownOnce } from '../components/shown-once.tsx';
import { day } from '../format.ts';
import { kindLabel } from './key-words.ts';
import { possessive } from './member-words.ts';

/** The new key, this once. */
export function MadeKey({ made, onClose }: { made: CreatedKey; onClose: () => void }) {
  const member = useMembers().data?.find(({ id }) => id === made.memberId);
  const plan = usePlans().data?.find(({ id }) => id === member?.planId);
  const whose = member === undefined ? 'The' : possessive(member.name);
  return (
    <ShownOnce
      title={`${whose} key “${made.name}” is ready`}
      secret={made.key}
      facts={[
        ['Kind', kindLabel(made.kind)],
        ['Limits', limitsOf(made, whose, plan?.name ?? member?.planId ?? '')],
        ['Expires', made.expiresAt === null ? 'Never' : day(new Date(made.expiresAt))],
      ]}
      onClose={onClose}
    />
  );
}

function limitsOf({ kind }: CreatedKey, whose: string, plan: string): string {
  if (kind === 'pay_per_token') return `None: pays from ${whose === 'The' ? 'the' : whose} balance`;
  return `${whose}, plan ${plan}${kind === 'subscription' ? ', those of 24 h' : ''}`;
}
