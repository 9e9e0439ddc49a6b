import { useState } from 'react';
import type { Limit, LimitInput, LimitRef } from '../../gateway/doors/admin/contract.ts';
import { sendJson } from '../api/admin-api.ts';
import { amountError } from './amount-field.tsx';
import { amountInput, type Metric, parseAmount } from './amounts.ts';
import { isSameCount } from './limit-words.ts';

/** A limit as it is being written. */
export interface LimitDraft {
  /** For React. */
  id: number;
  metric: Metric;
  windowSeconds: Limit['windowSeconds'];
  model: string | null;
  /** As typed. */
  amount: string;
}

export type LimitSubject = Pick<Limit, 'scope' | 'subjectId'>;

export interface LimitDrafts {
  drafts: readonly LimitDraft[];
  add: (draft?: Partial<LimitDraft>) => void;
  change: (id: number, patch: Partial<LimitDraft>) => void;
  remove: (id: number) => void;
  dirty: boolean;
  /** What is wrong by draft id, after a look at all of them. */
  errors: ReadonlyMap<number, string>;
  /** @returns whether all can be sent */
  check: () => boolean;
  /** Sets and lifts what differs from what was there. @throws AdminError */
  save: (subject: LimitSubject) => Promise<void>;
}

/** A subject's limits, edited together and sent together. */
export function useLimitDrafts(stored: readonly Limit[]): LimitDrafts {
  const [drafts, setDrafts] = useState<LimitDraft[]>(() => stored.map(draftOf));
  const [nextId, setNextId] = useState(stored.length);
  const [errors, setErrors] = useState<ReadonlyMap<number, string>>(new Map());
  return {
    drafts,
    errors,
    dirty: differs(stored, drafts),
    add(draft = {}) {
      setDrafts([...drafts, { ...BLANK, ...draft, id: nextId }]);
      setNextId(nextId + 1);
    },
    change(id, patch) {
      setDrafts(drafts.map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)));
      setErrors(new Map([...errors].filter(([wrong]) => wrong !== id)));
    },
    remove: (id) => setDrafts(drafts.filter((draft) => draft.id !== id)),
    check() {
      const found = wrongDrafts(drafts);
      setErrors(found);
      return found.size === 0;
    },
    async save(subject) {
      for (const limit of stored) {
        if (!drafts.some((draft) => isSameCount(draft, limit)))
          await sendJson('DELETE', '/limits', refOf(limit) satisfies LimitRef);
      }
      for (const draft of drafts) {
        const amount = parseAmount(draft.amount, draft.metric) ?? 0;
        if (stored.find((limit) => isSameCount(draft, limit))?.amount === amount) continue;
        const { metric, windowSeconds, model } = draft;
        const limit: LimitInput = { ...subject, metric, windowSeconds, model, amount };
        await sendJson('PUT', '/limits', limit);
      }
    },
  };
}

/** What names a limit, without its amount. */
export function refOf({ scope, subjectId, model, metric, windowSeconds }: Limit): LimitRef {
  return { scope, subjectId, model, metric, windowSeconds };
}

const BLANK: Omit<LimitDraft, 'id'> = { metric: 'tokens', windowSeconds: 86_400, model: null, amount: '' };

function draftOf({ metric, windowSeconds, model, amount }: Limit, id: number): LimitDraft {
  return { id, metric, windowSeconds, model, amount: amountInput(amount, metric) };
}

function differs(stored: readonly Limit[], drafts: readonly LimitDraft[]): boolean {
  if (stored.length !== drafts.length) return true;
  return drafts.some((draft) => {
    const limit = stored.find((other) => isSameCount(draft, other));
    return limit === undefined || parseAmount(draft.amount, draft.metric) !== limit.amount;
  });
}

function wrongDrafts(drafts: readonly LimitDraft[]): Map<number, string> {
  const wrong = new Map<number, string>();
  for (const [index, draft] of drafts.entries()) {
    const error = amountError(draft.amount, draft.metric);
    const isTwice = drafts.slice(0, index).some((other) => isSameCount(other, draft));
    if (error !== null) wrong.set(draft.id, error);
    else if (isTwice) wrong.set(draft.id, 'This one is above already; one amount can hold.');
  }
  return wrong;
}
