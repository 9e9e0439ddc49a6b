import type {
  PlaygroundDone,
  PlaygroundError,
  PlaygroundEvent,
  PlaygroundMessage,
} from '../../../gateway/doors/admin/contract.ts';

/** One question and what came of it. */
export interface Turn {
  id: number;
  question: string;
  model: string;
  /** Whose key asked. */
  memberId: string | null;
  reasoning: string;
  answer: string;
  /** Known once the gateway has taken the question. */
  requestId: string | null;
  state: 'asking' | 'answering' | 'done' | 'stopped' | 'failed';
  figures: Partial<PlaygroundDone> | null;
  error: PlaygroundError | null;
}

export interface Conversation {
  turns: readonly Turn[];
}

export type Step =
  | { step: 'ask'; id: number; question: string; model: string; memberId: string | null }
  | { step: 'event'; id: number; event: PlaygroundEvent }
  | { step: 'stop'; id: number }
  | { step: 'fail'; id: number; error: PlaygroundError }
  /** What a stopped answer came to, from its audit row. */
  | { step: 'figures'; requestId: string; figures: Partial<PlaygroundDone> }
  | { step: 'drop'; id: number }
  | { step: 'clear' };

export const EMPTY: Conversation = { turns: [] };

export function advance(conversation: Conversation, step: Step): Conversation {
  const { turns } = conversation;
  switch (step.step) {
    case 'ask':
      return { turns: [...turns, begun(step)] };
    case 'event':
      return { turns: withTurn(turns, step.id, (turn) => heard(turn, step.event)) };
    case 'stop':
      return { turns: withTurn(turns, step.id, (turn) => ({ ...turn, state: 'stopped' })) };
    case 'fail':
      return { turns: withTurn(turns, step.id, (turn) => ({ ...turn, state: 'failed', error: step.error })) };
    case 'figures':
      return {
        turns: turns.map((turn) =>
          turn.requestId === step.requestId && turn.figures === null
            ? { ...turn, figures: step.figures }
            : turn,
        ),
      };
    case 'drop':
      return { turns: turns.filter(({ id }) => id !== step.id) };
    case 'clear':
      return EMPTY;
  }
}

/** What goes out with the next question: every turn that was answered, if only in part. */
export function messagesOf(turns: readonly Turn[], question: string): PlaygroundMessage[] {
  return [
    ...turns
      .filter(({ answer }) => answer !== '')
      .flatMap(({ question: asked, answer }): PlaygroundMessage[] => [
        { role: 'user', content: asked },
        { role: 'assistant', content: answer },
      ]),
    { role: 'user', content: question },
  ];
}

export function isOpen({ state }: Turn): boolean {
  return state === 'asking' || state === 'answering';
}

function begun({ id, question, model, memberId }: Extract<Step, { step: 'ask' }>): Turn {
  return {
    ...{ id, question, model, memberId, reasoning: '', answer: '' },
    ...{ requestId: null, state: 'asking', figures: null, error: null },
  };
}

function withTurn(turns: readonly Turn[], id: number, change: (turn: Turn) => Turn): Turn[] {
  return turns.map((turn) => (turn.id === id ? change(turn) : turn));
}

function heard(turn: Turn, { event, data }: PlaygroundEvent): Turn {
  // What was stopped hears nothing more.
  if (!isOpen(turn)) return turn;
  switch (event) {
    case 'start':
      return { ...turn, requestId: data.requestId };
    case 'reasoning':
      return { ...turn, state: 'answering', reasoning: turn.reasoning + data.text };
    case 'delta':
      return { ...turn, state: 'answering', answer: turn.answer + data.text };
    case 'done':
      return { ...turn, state: 'done', figures: data };
    case 'error':
      return { ...turn, state: 'failed', error: data };
    default:
      return turn;
  }
}
