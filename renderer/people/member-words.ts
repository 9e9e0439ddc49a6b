import type { Member, Plan } from '../../gateway/doors/admin/contract.ts';
import type { Tone } from '../components/status.tsx';
import { limitSentence } from './limit-words.ts';

export const STATUSES: Readonly<Record<Member['status'], { label: string; tone: Tone }>> = {
  active: { label: 'Active', tone: 'ok' },
  pending: { label: 'Asks to join', tone: 'info' },
  suspended: { label: 'Suspended', tone: 'warn' },
  disabled: { label: 'Disabled', tone: 'off' },
};

export function memberPath(id: string): string {
  return `/members/${id}`;
}

/** Ada’s, the boss’. */
export function possessive(name: string): string {
  return name.endsWith('s') ? `${name}’` : `${name}’s`;
}

/** What a plan allows, in one line. */
export function planLine(plan: Plan): string {
  const [first, second, ...rest] = plan.limits;
  if (first === undefined) return 'No limits of its own.';
  const named = [first, ...(second === undefined ? [] : [second])].map(limitSentence).join(', ');
  return rest.length === 0 ? `${named}.` : `${named} and ${rest.length} more.`;
}
