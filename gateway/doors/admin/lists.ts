import { setImmediate as nextTurn } from 'node:timers/promises';
import { spanOf } from '../span.ts';
import { type List, type ListQuery, pageOf } from './contract.ts';

/** One page of a list that is held in memory. */
export function pageOfAll<Item>(items: readonly Item[], query: ListQuery): List<Item> {
  const { page, limit, offset } = pageOf(query);
  return { data: items.slice(offset, offset + limit), pagination: { page, limit, total: items.length } };
}

/** Items shaped in one go: about a millisecond of the gateway's thread. */
const SHAPED_ITEMS = 250;

/** Shapes each item of a page that may be long, and lets other work pass in between. */
export async function shapeAll<Item, Shaped>(
  items: readonly Item[],
  shape: (item: Item) => Shaped,
): Promise<Shaped[]> {
  const shaped: Shaped[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % SHAPED_ITEMS === 0) await nextTurn();
    shaped.push(shape(item));
  }
  return shaped;
}

/** A list that is told in one page. */
export function wholeList<Item>(items: Item[]): List<Item> {
  return { data: items, pagination: { page: 1, limit: Math.max(1, items.length), total: items.length } };
}

/** Keeps what was created within the query's span. */
export function createdWithin<Item extends { createdAt: number }>(
  items: readonly Item[],
  query: ListQuery,
): Item[] {
  const { from, to } = spanOf(query);
  return items.filter(({ createdAt }) => createdAt >= from && createdAt < to);
}
