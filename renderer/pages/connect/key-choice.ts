import type { Key, Member } from '../../../gateway/doors/admin/contract.ts';
import { keyPrefix } from '../../format.ts';
import { isUsable } from '../../people/key-words.ts';

/** Which key a tool is to have: a new one of a member's, or one there is. */
export type KeyChoice =
  | { kind: 'new'; member: Member }
  | { kind: 'existing'; key: Key; member: Member | null };

export interface KeyOption {
  group: string;
  items: { value: string; label: string }[];
}

/** @param value of an option; null for none. @returns what it stands for; the owner's new key where that is gone */
export function choiceOf(
  value: string | null,
  members: readonly Member[],
  keys: readonly Key[],
): KeyChoice | null {
  const [kind, id] = value?.split(':') ?? [];
  if (kind === 'key') {
    const key = keys.find((one) => one.id === id);
    if (key !== undefined)
      return { kind: 'existing', key, member: members.find((one) => one.id === key.memberId) ?? null };
  }
  const asked = members.find((one) => one.id === id);
  const member = (kind === 'new' ? asked : undefined) ?? members.find(({ owner }) => owner) ?? members[0];
  return member === undefined ? null : { kind: 'new', member };
}

export function choiceValue(choice: KeyChoice): string {
  return choice.kind === 'new' ? `new:${choice.member.id}` : `key:${choice.key.id}`;
}

/** @param tool whose name a new key gets */
export function keyOptions(tool: string, members: readonly Member[], keys: readonly Key[]): KeyOption[] {
  const named = new Map(members.map(({ id, name }) => [id, name]));
  const able = members
    .filter(({ status }) => status === 'active')
    .sort((a, b) => Number(b.owner) - Number(a.owner));
  const usable = keys.filter((key) => isUsable(key));
  return [
    {
      group: 'New',
      items: able.map((member) => ({
        value: `new:${member.id}`,
        label: member.owner ? `New: ${tool}` : `New: ${tool}, for ${member.name}`,
      })),
    },
    {
      group: 'There already',
      items: usable.map(({ id, name, prefix, memberId }) => ({
        value: `key:${id}`,
        label: `${name}, ${named.get(memberId) ?? 'nobody'} (${keyPrefix(prefix)})`,
      })),
    },
  ].filter(({ items }) => items.length > 0);
}
