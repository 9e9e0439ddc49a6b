import Fastify from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ARRIVAL_LIMITS } from '../../gateway/doors/http-door.ts';
import { Tunnel } from '../../gateway/tunnel/tunnel.ts';
import { ManualClock } from '../quotas/manual-clock.ts';
import { isAlive, TunnelTools } from '../support/tunnel-tool.ts';
import { until } from '../support/until.ts';

let tools: TunnelTools;
beforeEach(() => {
  tools = new TunnelTools();
});
afterEach(() => tools[Symbol.dispose]());

it('ends when its time is over, also where the computer slept through it', async () => {
  tools.install('cloudflared');
  const clock = new ManualClock();
  let expired = 0;
  const tunnel = new Tunnel({
    ...{ clock, instance: 'x', arrival: ARRIVAL_LIMITS, env: tools.env, lookMs: 5 },
    pipeline: {} as never,
    newInstance: () => Fastify(),
    onTrouble() {},
    onExpired: () => {
      expired += 1;
    },
  });
  await tunnel.start(null, 8);
  await until('it to be open', () => tunnel.status.state === 'open');
  expect((tunnel.status.endsAt ?? 0) - clock.wall()).toBe(8 * 3_600_000);
  clock.now += 8 * 3_600_000 - 1;
  await new Promise((resolve) => setImmediate(resolve));
  expect(tunnel.status.state).toBe('open');
  clock.now += 1;
  await until('it to be off', () => expired === 1);
  expect(tunnel.status).toMatchObject({ state: 'off', url: null, message: 'Its time was over.' });
  expect(isAlive(tools.starts('cloudflared')[0]?.pid ?? 0)).toBe(false);
  await tunnel.close();
  await expect(tunnel.start(null, 8)).rejects.toThrow('The gateway is stopping.');
});
