import { Keys } from '../../../gateway/accounts/keys.ts';
import { Members } from '../../../gateway/accounts/members.ts';
import type { Store } from '../../../gateway/store/store.ts';

export const MODELS = Array.from({ length: 30 }, (_, index) => `maker-${index % 5}/model-${index}`);
export const TOOLS = ['claude-code', 'codex', 'opencode', 'cline', 'continue', 'cursor', 'zed', 'aider'];
export const PROVIDERS = 5;
/** Every twentieth member pays from a balance. */
export const PREPAID_EVERY = 20;

/** A key as its owner set it up. */
export interface UsedKey {
  id: number;
  memberId: number;
  tool: string;
  addresses: string[];
  /** The first is its favourite. */
  models: string[];
}

/** Who there is: members, each with its keys, the busiest of both first. */
export interface People {
  keysOf: UsedKey[][];
  /** A key that is not used by anybody else, in plaintext. */
  plaintext: string;
}

/**
 * Adds providers, models, members and their keys to an empty database. Every provider has the same origin.
 * @param createdAt wall-clock ms
 */
export function addPeople(
  store: Store,
  counts: { members: number; keys: number },
  origin: string,
  createdAt: number,
): People {
  const { db } = store;
  db.exec('BEGIN');
  addModels(store, origin, createdAt);
  const members = new Members(db);
  const keys = new Keys(db);
  const keysOf: UsedKey[][] = [];
  for (let index = 0; index < counts.members; index++) {
    const member = members.create({
      ...{
        name: `Member ${index}`,
        email: `member${index}@example.org`,
        status: 'active',
        planId: 'enterprise',
      },
      ...{ allowedModels: null, allowedIps: null, prepaid: index % PREPAID_EVERY === 0 },
      ...{ selfService: true, owner: index === 0, createdAt },
    });
    const count =
      Math.round(((index + 1) * counts.keys) / counts.members) -
      Math.round((index * counts.keys) / counts.members);
    keysOf.push(
      Array.from({ length: count }, (_, number): UsedKey => {
        const name = `key ${number}`;
        const { key } = keys.create({
          memberId: member.id,
          name,
          kind: 'standard',
          expiresAt: null,
          now: createdAt,
        });
        return { id: key.id, memberId: member.id, ...habits(index, number) };
      }),
    );
  }
  const own = members.create({
    ...{
      name: 'Measured',
      email: null,
      status: 'active',
      planId: 'enterprise',
      allowedModels: null,
      allowedIps: null,
    },
    ...{ prepaid: false, selfService: true, owner: false, createdAt },
  });
  const { plaintext } = keys.create({
    memberId: own.id,
    name: 'measured',
    kind: 'standard',
    expiresAt: null,
    now: createdAt,
  });
  db.exec('COMMIT');
  return { keysOf, plaintext };
}

function habits(member: number, number: number): Pick<UsedKey, 'tool' | 'addresses' | 'models'> {
  // Most like the same few models; some keys are for one that few use.
  const favourite = Math.floor((((member * 7 + number * 13) % 101) / 101) ** 2.5 * MODELS.length);
  const place = (at: number) => `10.${(member >> 6) & 63}.${member & 63}.${at}`;
  return {
    tool: TOOLS[Math.floor((((member * 3 + number * 5) % 37) / 37) ** 1.5 * TOOLS.length)] as string,
    addresses: number % 3 === 0 ? [place(2), place(3)] : [place(2)],
    models: [0, 1, 7].map((step) => MODELS[(favourite + step) % MODELS.length] as string),
  };
}

function addModels({ db }: Store, origin: string, createdAt: number): void {
  const provider = db.prepare(
    "INSERT INTO providers (id, name, kind, base_url, created_at) VALUES (?, ?, 'openai-compatible', ?, ?)",
  );
  for (let id = 1; id <= PROVIDERS; id++) provider.run(id, `provider ${id}`, origin, createdAt);
  const model = db.prepare('INSERT INTO models (id, price, created_at) VALUES (?, ?, ?)');
  const target = db.prepare(
    'INSERT INTO model_targets (model_id, provider_id, upstream_model, priority) VALUES (?, ?, ?, ?)',
  );
  for (const [index, id] of MODELS.entries()) {
    model.run(id, JSON.stringify({ input: 3_000_000, output: 15_000_000 }), createdAt);
    for (const priority of [0, 1]) target.run(id, ((index + priority) % PROVIDERS) + 1, id, priority);
  }
}
