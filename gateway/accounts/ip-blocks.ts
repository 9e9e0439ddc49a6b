import type { Database } from '../store/store.ts';
import { isSameRange, rangeList } from './addresses.ts';

export interface IpBlock {
  id: number;
  cidr: string;
  reason: string | null;
  /** Wall-clock ms; null for good. */
  expiresAt: number | null;
  createdAt: number;
}

/** The block list: held in memory, written through. An expired block no longer holds and is cleared away. */
export class IpBlocks {
  #blocks: IpBlock[] = [];
  #ranges = rangeList([]);
  #nextExpiry = Number.POSITIVE_INFINITY;
  readonly #put;
  readonly #delete;
  readonly #sweep;

  constructor(db: Database) {
    this.#put = db.prepare<Omit<IpBlock, 'id'>, { id: number }>(
      `INSERT INTO ip_blocks (cidr, reason, expires_at, created_at) VALUES (@cidr, @reason, @expiresAt, @createdAt)
       ON CONFLICT DO UPDATE SET reason = excluded.reason, expires_at = excluded.expires_at RETURNING id`,
    );
    this.#delete = db.prepare<[number]>('DELETE FROM ip_blocks WHERE id = ?');
    this.#sweep = db.prepare<[number]>('DELETE FROM ip_blocks WHERE expires_at <= ?');
    this.#blocks = db
      .prepare<[], IpBlock>(
        'SELECT id, cidr, reason, expires_at AS expiresAt, created_at AS createdAt FROM ip_blocks ORDER BY id',
      )
      .all();
    this.#index();
  }

  /** Whether the address is blocked at `now` (wall-clock ms). */
  blocks(address: string, now: number): boolean {
    if (now >= this.#nextExpiry) this.#expire(now);
    return this.#blocks.length > 0 && this.#ranges.has(address);
  }

  list(): IpBlock[] {
    return [...this.#blocks];
  }

  /** @returns the block of just this range, however it is written */
  find(cidr: string): IpBlock | undefined {
    return this.#blocks.find((other) => isSameRange(other.cidr, cidr));
  }

  /** Adds a block; the same range again takes the new reason and expiry. `cidr` must be a valid range. */
  add(wanted: Omit<IpBlock, 'id'>): IpBlock {
    const before = this.find(wanted.cidr);
    const block = { ...wanted, ...(before && { cidr: before.cidr, createdAt: before.createdAt }) };
    const { id } = this.#put.get(block) as { id: number };
    const added = { ...block, id };
    this.#blocks = [...this.#blocks.filter((other) => other.cidr !== block.cidr), added];
    this.#index();
    return added;
  }

  /** @returns the lifted block, if there was one */
  remove(id: number): IpBlock | undefined {
    const removed = this.#blocks.find((block) => block.id === id);
    this.#delete.run(id);
    this.#blocks = this.#blocks.filter((block) => block.id !== id);
    this.#index();
    return removed;
  }

  /** Deletes what has expired. */
  sweep(now: number): void {
    this.#expire(now);
    this.#sweep.run(now);
  }

  /** In memory alone: a request on its way writes nothing here. */
  #expire(now: number): void {
    this.#blocks = this.#blocks.filter((block) => block.expiresAt === null || block.expiresAt > now);
    this.#index();
  }

  #index(): void {
    this.#ranges = rangeList(this.#blocks.map((block) => block.cidr));
    this.#nextExpiry = Math.min(...this.#blocks.map((block) => block.expiresAt ?? Number.POSITIVE_INFINITY));
  }
}
