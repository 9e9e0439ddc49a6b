import type { Cell } from '../quotas/sliding-window.ts';
import type { CounterId, UsageHistory } from '../quotas/usage-counters.ts';
import type { Store } from '../store/store.ts';
import type { Names } from './names.ts';

type Bindings = { member: number; key: number; models: string; from: number; rolledUpTo: number };

/**
 * `key` 0 stands for every key of the member but those that a balance alone meters, `models` '[]' for every model.
 * A key's kind never changes.
 */
const CONCERNS = `member_id = @member
  AND iif(@key = 0, key_id NOT IN (SELECT id FROM api_keys WHERE kind = 'pay_per_token'), key_id = @key)
  AND (@models = '[]' OR model IN (SELECT value FROM json_each(@models)))`;

const RAW_SUMS =
  'sum(input_tokens + output_tokens) AS tokens, sum(images) AS images, sum(cost_micros) AS cost';

/** Up to so many rows behind the mark are all looked at; of more, the member's alone, found by its index. */
const FEW_ROWS = 1_000;

/** @param rows where the rows behind the mark are read */
const queries = (rows: 'requests' | 'requests NOT INDEXED') => ({
  // A request that was given back keeps its slot in the minute, and nothing else.
  60: `SELECT at AS start, sum(1) AS requests, sum(iif(counted = 1, input_tokens + output_tokens, 0)) AS tokens,
         sum(iif(counted = 1, images, 0)) AS images, sum(iif(counted = 1, cost_micros, 0)) AS cost
       FROM requests
       WHERE ${CONCERNS} AND at >= @from AND counted > 0 GROUP BY at ORDER BY at`,
  86400: `SELECT minute AS start, sum(requests) AS requests, sum(tokens) AS tokens, sum(images) AS images, sum(cost) AS cost
       FROM usage_minutes WHERE ${CONCERNS} AND minute >= @from GROUP BY minute
       UNION ALL
       SELECT at / 60000 * 60000, sum(1), ${RAW_SUMS} FROM ${rows}
       WHERE id > @rolledUpTo AND ${CONCERNS} AND at >= @from AND counted = 1 GROUP BY 1`,
  2592000: `SELECT hour AS start, sum(counted) AS requests, sum(counted_tokens) AS tokens, sum(counted_images) AS images,
         sum(counted_cost) AS cost
       FROM usage_hours WHERE ${CONCERNS} AND hour >= @from GROUP BY hour
       UNION ALL
       SELECT at / 3600000 * 3600000, sum(1), ${RAW_SUMS} FROM ${rows}
       WHERE id > @rolledUpTo AND ${CONCERNS} AND at >= @from AND counted = 1 GROUP BY 1`,
});

/**
 * What the windows start with: roll-ups, and the rows behind them. Commits that wait are written first, so
 * nothing that was admitted is missed.
 * @param aliasesOf every public id whose requests count for a model's limit, itself included
 */
export function windowHistory(
  store: Store,
  names: Names,
  rolledUpTo: () => number,
  aliasesOf: (model: string) => string[],
): UsageHistory {
  const prepare = (rows: Parameters<typeof queries>[0]) => {
    const sql = queries(rows);
    return {
      60: store.db.prepare<Bindings, Cell>(sql[60]),
      86400: store.db.prepare<Bindings, Cell>(sql[86400]),
      2592000: store.db.prepare<Bindings, Cell>(sql[2592000]),
    };
  };
  const ways = { few: prepare('requests NOT INDEXED'), many: prepare('requests') };
  const lastRow = store.db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM requests');
  return (id: CounterId, from: number) => {
    store.commits.flush();
    const models = id.model === null ? [] : aliasesOf(id.model).map((model) => names.find(model) ?? -1);
    const behind = (lastRow.get()?.id ?? 0) - rolledUpTo();
    return ways[behind > FEW_ROWS ? 'many' : 'few'][id.windowSeconds].all({
      member: id.memberId,
      key: id.countedFor === 'key' ? id.keyId : 0,
      models: JSON.stringify(models),
      from,
      rolledUpTo: rolledUpTo(),
    });
  };
}
