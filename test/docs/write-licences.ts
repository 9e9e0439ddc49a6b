import { writeFileSync } from 'node:fs';
import { LICENCES_PAGE, licencesPage, shippedPackages } from './licences.ts';

/** `npm run licences`: writes the page of what comes with the product. */
writeFileSync(LICENCES_PAGE, licencesPage(shippedPackages()));
console.log(`Written: ${LICENCES_PAGE}`);
