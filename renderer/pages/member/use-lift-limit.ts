import type { Limit, Member, Plan } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { refOf } from '../../people/limit-drafts.ts';
import { isSameCount, limitSentence } from '../../people/limit-words.ts';
import type { Act } from '../../people/use-act.ts';

/** Asks, then lifts a member's limit. @returns whether it is lifted */
export function useLiftLimit(act: Act, member: Member, plan: Plan | undefined) {
  const confirm = useConfirm();
  return async (limit: Limit): Promise<boolean> => {
    const ofPlan = plan?.limits.find((other) => isSameCount(other, limit));
    const then =
      ofPlan === undefined || plan === undefined
        ? 'Nothing takes its place; the other limits go on holding.'
        : `Then plan ${plan.name} holds again: ${limitSentence(ofPlan)}.`;
    const yes = await confirm({
      title: `Lift ${limitSentence(limit)} for ${member.name}?`,
      message: `${then} It holds from the next request on.`,
      action: 'Lift',
      destructive: true,
    });
    return yes && act.run(() => sendJson('DELETE', '/limits', refOf(limit)));
  };
}
