import type { Database } from '../store/store.ts';
import { rangeList } from './addresses.ts';

export type MemberStatus = 'pending' | 'active' | 'disabled' | 'suspended';

/** One person or one tool. */
export interface Member {
  id: number;
  name: string;
  email: string | null;
  status: MemberStatus;
  planId: string;
  /** Public model ids; null allows every model. */
  allowedModels: string[] | null;
  /** Addresses and CIDR ranges; null allows every address. */
  allowedIps: string[] | null;
  /** Pays from a balance. */
  prepaid: boolean;
  /** May mint and revoke keys itself. */
  selfService: boolean;
  /** Whoever sits at the desktop app. */
  owner: boolean;
  createdAt: number;
}

interface Row {
  id: number;
  name: string;
  email: string | null;
  status: MemberStatus;
  planId: string;
  allowedModels: string | null;
  allowedIps: string | null;
  prepaid: number;
  selfService: number;
  owner: number;
  createdAt: number;
}

/** Members: held in memory, written through. A deleted one leaves its audit rows behind. */
export class Members {
  readonly #byId = new Map<number, Member>();
  readonly #addresses = new WeakMap<Member, { has(address: string): boolean }>();
  readonly #insert;
  readonly #update;
  readonly #delete;

  constructor(db: Database) {
    this.#insert = db.prepare<Omit<Row, 'id'>>(
      `INSERT INTO members (name, email, status, plan_id, allowed_models, allowed_ips, prepaid, self_service, owner, created_at)
       VALUES (@name, @email, @status, @planId, @allowedModels, @allowedIps, @prepaid, @selfService, @owner, @createdAt)`,
    );
    this.#update = db.prepare<Row>(
      `UPDATE members SET name = @name, email = @email, status = @status, plan_id = @planId, allowed_models = @allowedModels,
         allowed_ips = @allowedIps, prepaid = @prepaid, self_service = @selfService, owner = @owner, created_at = @createdAt
       WHERE id = @id`,
    );
    this.#delete = db.prepare<[number, number]>('UPDATE members SET deleted_at = ? WHERE id = ?');
    const rows = db
      .prepare<[], Row>(
        `SELECT id, name, email, status, plan_id AS planId, allowed_models AS allowedModels, allowed_ips AS allowedIps,
           prepaid, self_service AS selfService, owner, created_at AS createdAt
         FROM members WHERE deleted_at IS NULL ORDER BY id`,
      )
      .all();
    for (const row of rows) this.#byId.set(row.id, fromRow(row));
  }

  get(id: number): Member | undefined {
    return this.#byId.get(id);
  }

  list(): Member[] {
    return [...this.#byId.values()];
  }

  owner(): Member | undefined {
    return this.list().find((member) => member.owner);
  }

  create(facts: Omit<Member, 'id'>): Member {
    const member = { ...facts, id: Number(this.#insert.run(toRow(facts)).lastInsertRowid) };
    this.#byId.set(member.id, member);
    return member;
  }

  update(id: number, patch: Partial<Omit<Member, 'id' | 'createdAt'>>): Member | undefined {
    const member = this.write(id, patch);
    if (member !== undefined) this.remember(member);
    return member;
  }

  /** Writes without showing it yet: for a transaction that may still fail. `remember` follows its commit. */
  write(id: number, patch: Partial<Omit<Member, 'id' | 'createdAt'>>): Member | undefined {
    const before = this.#byId.get(id);
    if (before === undefined) return undefined;
    const member = { ...before, ...patch };
    this.#update.run({ ...toRow(member), id });
    return member;
  }

  remember(member: Member): void {
    this.#byId.set(member.id, member);
  }

  /** @returns the member as it was */
  remove(id: number, now: number): Member | undefined {
    const member = this.#byId.get(id);
    if (member !== undefined) {
      this.#delete.run(now, id);
      this.#byId.delete(id);
    }
    return member;
  }

  /** Whether the member may call from this address. */
  allowsAddress(member: Member, address: string): boolean {
    if (member.allowedIps === null) return true;
    let ranges = this.#addresses.get(member);
    if (ranges === undefined) {
      ranges = rangeList(member.allowedIps);
      this.#addresses.set(member, ranges);
    }
    return ranges.has(address);
  }
}

function fromRow(row: Row): Member {
  return {
    ...row,
    allowedModels: row.allowedModels === null ? null : JSON.parse(row.allowedModels),
    allowedIps: row.allowedIps === null ? null : JSON.parse(row.allowedIps),
    prepaid: row.prepaid === 1,
    selfService: row.selfService === 1,
    owner: row.owner === 1,
  };
}

function toRow(member: Omit<Member, 'id'>): Omit<Row, 'id'> {
  return {
    name: member.name,
    email: member.email,
    status: member.status,
    planId: member.planId,
    allowedModels: member.allowedModels === null ? null : JSON.stringify(member.allowedModels),
    allowedIps: member.allowedIps === null ? null : JSON.stringify(member.allowedIps),
    prepaid: member.prepaid ? 1 : 0,
    selfService: member.selfService ? 1 : 0,
    owner: member.owner ? 1 : 0,
    createdAt: member.createdAt,
  };
}
