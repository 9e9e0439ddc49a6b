import { createRequire } from 'node:module';
import type * as catalogue from '@pydantic/genai-prices';

let loaded: typeof catalogue | undefined;

/** The price catalogue, loaded when a price is first asked for: models of one's own computer have none. */
export function priceCatalogue(): typeof catalogue {
  loaded ??= createRequire(import.meta.url)('@pydantic/genai-prices') as typeof catalogue;
  return loaded;
}
