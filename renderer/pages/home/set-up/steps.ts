import type { ConnectTool, Member, Model, Provider } from '../../../../gateway/doors/admin/contract.ts';

export type StepId = 'up' | 'request' | 'provider' | 'models' | 'tool' | 'share';

export interface Steps {
  ticked: Readonly<Record<StepId, boolean>>;
  /** The first that is not ticked; null once it is done. */
  current: StepId | null;
  /** All but the optional one. */
  done: boolean;
}

export interface StepFacts {
  listens: boolean;
  answered: boolean;
  tools: readonly Pick<ConnectTool, 'id' | 'lastSeenAt'>[];
  providers: readonly Provider[];
  models: readonly Pick<Model, 'targets' | 'bound' | 'aliasOf'>[];
  members: readonly Member[];
}

export const STEPS: readonly StepId[] = ['up', 'request', 'provider', 'models', 'tool', 'share'];
const OPTIONAL: readonly StepId[] = ['share'];
/** What the second step is done with: no tool that was connected. */
const BY_HAND: readonly string[] = ['curl'];

export function stepsOf(facts: StepFacts): Steps {
  const ticked = {
    up: facts.listens,
    request: facts.answered,
    provider: facts.providers.length > 0,
    models: facts.models.some(({ targets, bound }) => bound && targets.length > 0),
    tool: facts.tools.some(({ id, lastSeenAt }) => lastSeenAt !== null && !BY_HAND.includes(id)),
    share: facts.members.length > 1,
  };
  const current = STEPS.find((id) => !ticked[id] && !OPTIONAL.includes(id)) ?? null;
  return { ticked, current, done: current === null };
}
