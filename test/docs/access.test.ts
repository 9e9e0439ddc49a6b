import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isInTable, networkCaller } from '../../gateway/doors/network-routes.ts';
import { startGateway } from '../support/gateway.ts';
import { accessPage } from './access-table.ts';
import { answersAbroad, complete, routesOf } from './network-table.ts';
import { ACCESS_PAGE } from './pages.ts';

it('docs/access.md is what the gateway answers, for every route, key kind and member state', async () => {
  await using gateway = await startGateway();
  // Run `npm run docs` after a change that is meant.
  expect(await accessPage(gateway)).toBe(readFileSync(ACCESS_PAGE, 'utf8'));
}, 60_000);

it('every route is in the table of what other computers may call, and answers as it says', async () => {
  await using gateway = await startGateway();
  await complete(gateway);
  const routes = routesOf(gateway);
  expect(routes.length).toBeGreaterThan(200);
  expect(routes.filter(({ url }) => !isInTable(url))).toEqual([]);
  for (const route of routes) {
    const [stranger, member, token] = await answersAbroad(gateway, route);
    const name = `${route.method} ${route.url}`;
    const caller = networkCaller(route.url);
    if (caller === 'owner' || caller === 'nobody')
      expect([stranger, member, token], name).toEqual(['403', '403', '403']);
    else if (caller === 'key') expect([stranger, token], name).toEqual(['401', '401']);
    else expect(stranger, name).not.toMatch(/^40[13]$/);
  }
}, 120_000);
