import { writeFileSync } from 'node:fs';
import { startGateway } from '../support/gateway.ts';
import { accessPage } from './access-table.ts';
import { apiPageOf } from './api-page.ts';
import { ACCESS_PAGE, API_PAGE } from './pages.ts';

/** `npm run docs`: writes the pages that a gateway tells itself. */
await using gateway = await startGateway();
writeFileSync(API_PAGE, await apiPageOf(gateway));
writeFileSync(ACCESS_PAGE, await accessPage(gateway));
console.log(`Written: ${API_PAGE}, ${ACCESS_PAGE}`);
