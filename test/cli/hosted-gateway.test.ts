import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { HostedGateway } from '../../gateway/cli/hosted-gateway.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { tempDir } from '../store/support.ts';
import { until } from '../support/until.ts';

/** A gateway on a free port, and what its host hears of its starts. */
async function hosted() {
  const heard: (Gateway | { error: unknown })[] = [];
  const host = await HostedGateway.open(
    { dataDir: tempDir(), vault: 'file', logLevel: 'silent' },
    { restarted: (gateway) => heard.push(gateway), failed: (error) => heard.push({ error }) },
  );
  onTestFinished(() => host.stop());
  const url = await host.gateway.listen('127.0.0.1', 0);
  return { host, heard, url };
}

/** Takes the port as soon as the gateway has let go of it. */
function stealPort(gateway: Gateway, port: number) {
  const thief = createServer();
  onTestFinished(() => void thief.close());
  const stop = gateway.stop.bind(gateway);
  gateway.stop = async () => {
    await stop();
    await once(thief.listen(port, '127.0.0.1'), 'listening');
  };
  return thief;
}

it('starts again at the port it had, once however often it is asked', async () => {
  const { host, heard, url } = await hosted();
  const first = host.gateway;
  for (let count = 0; count < 3; count++) host.restart();
  await until('the start', () => heard.length > 0);
  expect(host.gateway).not.toBe(first);
  expect(host.gateway.address).toMatchObject({ url, from: 'flag' });
  expect(host.gateway.sessions).toBe(first.sessions);
  await host.stop();
  expect(heard).toEqual([host.gateway]);
});

it('waits for its port where another program has it for a moment', async () => {
  const { host, heard, url } = await hosted();
  const thief = stealPort(host.gateway, Number(new URL(url).port));
  host.restart();
  await once(thief, 'listening');
  // It holds the port until the gateway has tried: the gateway is open then.
  const before = host.gateway;
  await until('the next gateway', () => host.gateway !== before);
  thief.close();
  await until('the start', () => heard.length > 0);
  expect(host.gateway.address).toMatchObject({ url });
});

it('tells its host where its port does not come back, and holds nothing any more', async () => {
  const { host, heard, url } = await hosted();
  stealPort(host.gateway, Number(new URL(url).port));
  host.restart();
  await until('the failure', () => heard.length > 0, 15_000);
  expect(heard).toMatchObject([{ error: { name: 'ListenError', code: 'EADDRINUSE' } }]);
  expect(host.gateway.address).toBeNull();
  await host.stop();
});

it('does not start again once it was stopped', async () => {
  const { host, heard } = await hosted();
  host.restart();
  await host.stop();
  host.restart();
  await host.stop();
  expect(heard).toEqual([]);
});
