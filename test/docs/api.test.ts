import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { apiPageOf } from './api-page.ts';
import { API_PAGE } from './pages.ts';

it('docs/api.md is what the gateway describes of itself', async () => {
  await using gateway = await startGateway();
  // Run `npm run docs` after a change of a route.
  expect(await apiPageOf(gateway)).toBe(readFileSync(API_PAGE, 'utf8'));
});
