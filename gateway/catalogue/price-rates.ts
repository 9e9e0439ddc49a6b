import type { Provider } from '@pydantic/genai-prices';
import { priceCatalogue } from './price-catalogue.ts';

/** Micros of a US dollar for one token of each kind. */
interface Rates {
  /** For the request itself. */
  request: number;
  /** Neither read from a cache nor written to one. */
  plainInput: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWriteHour: number;
  output: number;
}

/** Rates of one model by the size of its input. */
interface RateTable {
  /** Ascending: an input larger than `tiers[n]` costs by `rates[n + 1]`, if it is not larger than the next. */
  tiers: number[];
  rates: Rates[];
}

/** Tokens of a trial: many, so that what is rounded off does not matter. */
const TRIAL = 1_000_000;

/** Some prices depend on the date or the time of day. */
const KEPT_MS = 60_000;

const MICROS = 1_000_000;

/**
 * What a model costs a token. The price catalogue compares a model's name with hundreds of patterns for every
 * question, a tenth of a millisecond each; its price is linear in each kind of token within a tier of input, so a few
 * trial questions tell the rates.
 */
export class PriceRates {
  readonly #tables = new Map<string, { table: RateTable | null; until: number }>();
  readonly #provider: Provider;
  readonly #now: () => number;

  constructor(provider: Provider, now: () => number = Date.now) {
    this.#provider = provider;
    this.#now = now;
  }

  /** @returns null where the catalogue does not know the model */
  of(model: string, inputTokens: number): Rates | null {
    const table = this.#tableOf(model);
    if (table === null) return null;
    const tier = table.tiers.filter((start) => inputTokens > start).length;
    return table.rates[tier] ?? null;
  }

  #tableOf(model: string): RateTable | null {
    const now = this.#now();
    const known = this.#tables.get(model);
    if (known !== undefined && now < known.until) return known.table;
    const table = this.#tryOut(model);
    if (this.#tables.size >= MOST_KEPT) this.#tables.clear();
    this.#tables.set(model, { table, until: now + KEPT_MS });
    return table;
  }

  #tryOut(model: string): RateTable | null {
    const found = priceCatalogue().calcPrice({ input_tokens: 0, output_tokens: 0 }, model, {
      provider: this.#provider,
    });
    if (found === null) return null;
    const starts = Object.values(found.model_price).flatMap((price) =>
      typeof price === 'object' ? price.tiers.map(({ start }) => start) : [],
    );
    const tiers = [...new Set(starts)].sort((a, b) => a - b);
    const request = found.total_price * MICROS;
    // The largest input of each tier; the last has none.
    const inputs = [...tiers, (tiers.at(-1) ?? 0) + TRIAL];
    return { tiers, rates: inputs.map((input) => this.#ratesAt(model, input, request)) };
  }

  #ratesAt(model: string, input: number, request: number): Rates {
    const cost = (usage: Record<string, number>) => {
      const asked = { input_tokens: input, output_tokens: 0, ...usage };
      return (
        (priceCatalogue().calcPrice(asked, model, { provider: this.#provider })?.total_price ?? 0) * MICROS
      );
    };
    const plain = cost({});
    const perToken = (usage: Record<string, number>) => (cost(usage) - request) / input;
    return {
      request,
      plainInput: (plain - request) / input,
      cacheRead: perToken({ cache_read_tokens: input }),
      cacheWrite: perToken({ cache_write_tokens: input }),
      cacheWriteHour: perToken({ cache_write_tokens: input, cache_write_1h_tokens: input }),
      output: (cost({ output_tokens: TRIAL }) - plain) / TRIAL,
    };
  }
}

/** Names of models come from the owner, and from what providers list. */
const MOST_KEPT = 1_000;
