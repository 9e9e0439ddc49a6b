import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { accessPage } from './access-table.ts';
import { ACCESS_PAGE } from './pages.ts';

it('docs/access.md is what the gateway answers, for every route, key kind and member state', async () => {
  await using gateway = await startGateway();
  // Run `npm run docs` after a change that is meant.
  expect(await accessPage(gateway)).toBe(readFileSync(ACCESS_PAGE, 'utf8'));
}, 60_000);
