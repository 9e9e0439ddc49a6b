import { median } from './figures.ts';
import type { WatchedGateway } from './gateway.ts';

const ROUNDS = 15;
const ASKED = 200;

export interface Admission {
  /** Middle of one request after the other, ms. */
  p50: number;
  /** CPU time of the gateway for one request, ms. */
  cpu: number;
}

export interface Side {
  gateway: WatchedGateway;
  key: string;
}

/**
 * The same requests at a gateway that has grown and at one that is new, in turns, one after the other on one
 * connection. The member's limits hold in every window on both.
 */
export async function compareAdmission(
  grown: Side,
  empty: Side,
  model: string,
): Promise<{ grown: Admission; empty: Admission }> {
  for (const side of [grown, empty]) {
    await setLimits(side.gateway);
    await oneRound(side, model);
  }
  const rounds = { grown: [] as Admission[], empty: [] as Admission[] };
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) rounds.grown.push(await oneRound(grown, model));
    rounds.empty.push(await oneRound(empty, model));
    if (round % 2 === 1) rounds.grown.push(await oneRound(grown, model));
  }
  return { grown: middle(rounds.grown), empty: middle(rounds.empty) };
}

function middle(found: readonly Admission[]): Admission {
  return { p50: median(found.map(({ p50 }) => p50)), cpu: median(found.map(({ cpu }) => cpu)) };
}

async function setLimits(gateway: WatchedGateway): Promise<void> {
  const amount = 1_000_000_000_000;
  for (const [metric, windowSeconds] of [
    ['requests', 60],
    ['tokens', 86_400],
    ['cost', 2_592_000],
  ] as const) {
    await gateway.admin('/limits', 'PUT', {
      scope: 'plan',
      subjectId: 'enterprise',
      metric,
      windowSeconds,
      amount,
    });
  }
}

async function oneRound({ gateway, key }: Side, model: string): Promise<Admission> {
  const before = gateway.cpuMs();
  const times: number[] = [];
  for (let count = 0; count < ASKED; count++) times.push((await gateway.infer(key, model)).ms);
  return { p50: median(times), cpu: (gateway.cpuMs() - before) / ASKED };
}
