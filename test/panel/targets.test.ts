import { describe, expect, it } from 'vitest';
import type { Model, Provider } from '../../gateway/doors/admin/contract.ts';
import { inOrder, type ModelTarget, prioritised, withTarget } from '../../renderer/api/targets.ts';

const provider = (id: string, priority: number) => ({ id, priority }) as Provider;
const target = (providerId: string, priority: number, weight = 1): ModelTarget => ({
  ...{ providerId, priority, weight },
  ...{ upstreamModel: 'm', providerName: `P${providerId}`, listPrice: null },
});
const PROVIDERS = [provider('1', 0), provider('2', 10), provider('3', -5)];

const order = (targets: readonly ModelTarget[]) =>
  inOrder(targets, PROVIDERS).map(({ providerId, rank }) => `${providerId} at ${rank}`);

describe('the order of targets', () => {
  it('has the providers’ own priorities in it', () => {
    expect(order([target('2', 0), target('1', 5), target('3', 6)])).toEqual(['3 at 0', '1 at 1', '2 at 2']);
  });

  it('gives those that share the load the same rank', () => {
    expect(order([target('1', 10), target('2', 0), target('3', 20)])).toEqual(['1 at 0', '2 at 0', '3 at 1']);
  });

  it('survives being written down', () => {
    const before = inOrder([target('2', 0, 3), target('1', 10), target('3', 20)], PROVIDERS);
    const written = prioritised(before, PROVIDERS).map((input) => ({
      ...target(input.providerId, input.priority ?? 0, input.weight ?? 1),
    }));
    expect(inOrder(written, PROVIDERS).map(({ rank, weight }) => [rank, weight])).toEqual([
      [0, 3],
      [0, 1],
      [1, 1],
    ]);
  });

  it('puts a further target behind all others, however low its provider’s priority is', () => {
    const model = { targets: [target('2', 0), target('1', 0)] } as Model;
    const written = withTarget(model, { providerId: '3', upstreamModel: 'new' }, PROVIDERS);
    const after = written.map(({ providerId, priority = 0 }) => target(providerId, priority));
    expect(order(after)).toEqual(['1 at 0', '2 at 1', '3 at 2']);
  });
});
