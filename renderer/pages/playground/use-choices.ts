import { useState } from 'react';
import type { Key, Member } from '../../../gateway/doors/admin/contract.ts';
import { useKeys, useMembers } from '../../api/lists.ts';
import { useModelOptions } from '../../api/model-options.ts';
import { useFilters } from '../../api/use-filters.ts';
import { keyPrefix } from '../../format.ts';
import { isUsable } from '../../people/key-words.ts';

export interface ChoicesState {
  /** Null while there is none. */
  keyId: string | null;
  /** Whose key that is. */
  memberId: string | null;
  model: string | null;
  system: string;
  keyOptions: { value: string; label: string }[];
  modelOptions: string[];
  chooseKey: (id: string) => void;
  chooseModel: (id: string) => void;
  setSystem: (text: string) => void;
}

/** As which key, and which model is asked; links may say so: `?keyId=…&model=…`. */
export function useChoices(): ChoicesState {
  const filters = useFilters();
  const keys = useKeys().data ?? [];
  const members = useMembers().data ?? [];
  const modelOptions = useModelOptions();
  const [system, setSystem] = useState('');
  const usable = ordered(
    keys.filter((key) => isUsable(key)),
    members,
  );
  const asked = filters.get('keyId');
  const model = filters.get('model');
  const key = usable.find(({ id }) => id === asked) ?? usable[0];
  const named = new Map(members.map(({ id, name }) => [id, name]));
  return {
    keyId: key?.id ?? null,
    memberId: key?.memberId ?? null,
    // A link may name a model that cannot be served: the answer says why.
    model: model ?? modelOptions.find((id) => id !== ECHO) ?? modelOptions[0] ?? null,
    system,
    keyOptions: usable.map(({ id, name, prefix, memberId }) => ({
      value: id,
      label: `${name}, ${named.get(memberId) ?? 'nobody'} (${keyPrefix(prefix)})`,
    })),
    modelOptions: model === null || modelOptions.includes(model) ? modelOptions : [model, ...modelOptions],
    chooseKey: (keyId) => filters.set({ keyId }, { replace: true }),
    chooseModel: (id) => filters.set({ model: id }, { replace: true }),
    setSystem,
  };
}

/** It echoes: whoever has another model means that. */
const ECHO = 'ntl/echo';

/** The owner's keys first. */
function ordered(keys: readonly Key[], members: readonly Member[]): Key[] {
  const owners = new Set(members.filter(({ owner }) => owner).map(({ id }) => id));
  return keys.toSorted((a, b) => Number(owners.has(b.memberId)) - Number(owners.has(a.memberId)));
}
