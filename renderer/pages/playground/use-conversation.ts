import { useEffect, useReducer, useRef } from 'react';
import { AdminError } from '../../api/admin-api.ts';
import { useLiveEvents } from '../../api/live.tsx';
import { wordsOf } from '../../components/states.tsx';
import { askPlayground } from './ask-playground.ts';
import { advance, EMPTY, isOpen, messagesOf, type Turn } from './conversation.ts';

export interface Asked {
  keyId: string;
  /** Whose key that is. */
  memberId: string | null;
  model: string;
  system: string;
  question: string;
}

export interface ConversationActs {
  turns: readonly Turn[];
  /** One is being answered. */
  busy: boolean;
  ask: (asked: Asked) => void;
  /** The same question once more, in place of the turn. */
  again: (turn: Turn, asked: Omit<Asked, 'question'>) => void;
  stop: () => void;
  clear: () => void;
}

/** A conversation that lives as long as the page does, and nowhere else. */
export function useConversation(): ConversationActs {
  const [{ turns }, dispatch] = useReducer(advance, EMPTY);
  const running = useRef<{ id: number; abort: AbortController } | null>(null);
  const nextId = useRef(1);

  // Whoever leaves the page hangs up.
  useEffect(() => () => running.current?.abort.abort(), []);

  // The gateway tells the figures of a stopped answer only by its audit row.
  useLiveEvents((event) => {
    if (event.type !== 'request') return;
    const { requestId, ttfbMs, latencyMs, inputTokens, outputTokens, costMicros, estimated } = event.data;
    const figures = { ttfbMs, latencyMs: latencyMs ?? 0, inputTokens, outputTokens, costMicros, estimated };
    dispatch({ step: 'figures', requestId, figures });
  });

  async function run(
    before: readonly Turn[],
    { keyId, memberId, model, system, question }: Asked,
  ): Promise<void> {
    const id = nextId.current++;
    const abort = new AbortController();
    running.current = { id, abort };
    dispatch({ step: 'ask', id, question, model, memberId });
    const messages = messagesOf(before, question);
    const body = { keyId, model, messages, ...(system.trim() === '' ? {} : { system }) };
    let ended = false;
    try {
      await askPlayground(body, abort.signal, (event) => {
        ended ||= event.event === 'done' || event.event === 'error';
        dispatch({ step: 'event', id, event });
      });
      if (!ended) dispatch({ step: 'fail', id, error: BROKEN_OFF });
    } catch (error) {
      if (abort.signal.aborted) return;
      const code = error instanceof AdminError ? error.code : 'no_answer';
      dispatch({ step: 'fail', id, error: { code, message: wordsOf(error) } });
    } finally {
      if (running.current?.id === id) running.current = null;
    }
  }

  return {
    turns,
    busy: turns.some(isOpen),
    ask: (asked) => void run(turns, asked),
    again(turn, asked) {
      dispatch({ step: 'drop', id: turn.id });
      void run(
        turns.filter(({ id }) => id !== turn.id),
        { ...asked, question: turn.question },
      );
    },
    stop() {
      if (running.current === null) return;
      dispatch({ step: 'stop', id: running.current.id });
      running.current.abort.abort();
    },
    clear() {
      running.current?.abort.abort();
      dispatch({ step: 'clear' });
    },
  };
}

const BROKEN_OFF = {
  code: 'broken_off',
  message: 'The answer broke off before its end. The gateway may have been stopped.',
};
