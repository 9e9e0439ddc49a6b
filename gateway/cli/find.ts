import type { IpBlock, JoinRequest, Key, Member, Model, Plan, Provider } from '../doors/admin/contract.ts';
import type { AdminClient } from './admin-client.ts';
import { commandLine } from './command-line.ts';
import { CliError } from './failures.ts';

/*
 * Things are named by id or by name. An id wins, then the exact name, then the name in any case.
 * Each function throws CliError when nothing fits, or more than one thing does.
 */

export async function findProvider(admin: AdminClient, named: string): Promise<Provider> {
  const { data } = await admin.list<Provider>('/providers');
  return pick(admin, 'provider', named, data);
}

export async function findMember(admin: AdminClient, named: string): Promise<Member> {
  const { data } = await admin.list<Member>('/members');
  return pick(admin, 'member', named, data);
}

/** The member of whoever sits at this computer. */
export async function findOwner(admin: AdminClient): Promise<Member> {
  const { data } = await admin.list<Member>('/members');
  const owner = data.find((member) => member.owner);
  if (owner === undefined) throw new CliError('There is no owner; name a member.');
  return owner;
}

export async function findPlan(admin: AdminClient, named: string): Promise<Plan> {
  const { data } = await admin.list<Plan>('/plans');
  return pick(admin, 'plan', named, data);
}

/** A key may also be named by its first characters, as lists show them. A revoked one has its id only. */
export async function findKey(admin: AdminClient, named: string): Promise<Key> {
  const { data } = await admin.list<Key>('/keys');
  const known = data.filter((key) => key.id === named || key.revokedAt === null);
  const byPrefix = known.find((key) => key.prefix === named);
  return byPrefix ?? pick(admin, 'key', named, known);
}

export async function findModel(admin: AdminClient, id: string): Promise<Model> {
  const { data } = await admin.list<Model>('/models');
  const model = data.find((candidate) => candidate.id === id);
  if (model === undefined) throw unknown(admin, 'model', id);
  return model;
}

/** By the address or range as it was given. */
export async function findBlock(admin: AdminClient, cidr: string): Promise<IpBlock> {
  const { data } = await admin.list<IpBlock>('/ip-blocks');
  const block = data.find((candidate) => candidate.cidr === cidr);
  if (block === undefined) throw unknown(admin, 'block', cidr);
  return block;
}

/** Who asked to join, in one of these states. */
export async function findJoinRequest(
  admin: AdminClient,
  named: string,
  states: readonly JoinRequest['state'][],
): Promise<JoinRequest> {
  const { data } = await admin.list<JoinRequest>('/join-requests');
  const asked = data.filter(({ state }) => states.includes(state));
  const ofName = (name: string) => name === named || name.toLowerCase() === named.toLowerCase();
  const found = asked.find(({ id }) => id === named) ?? asked.findLast(({ name }) => ofName(name));
  if (found !== undefined) return found;
  const all = commandLine('members requests', admin.dataDir);
  throw new CliError(`There is no such request of ${named}. All of them: ${all}`);
}

function pick<Thing extends { id: string; name: string }>(
  admin: AdminClient,
  kind: string,
  named: string,
  things: readonly Thing[],
): Thing {
  const ways: ((thing: Thing) => boolean)[] = [
    (thing) => thing.id === named,
    (thing) => thing.name === named,
    (thing) => thing.name.toLowerCase() === named.toLowerCase(),
  ];
  for (const fits of ways) {
    const [found, ...others] = things.filter(fits);
    if (found === undefined) continue;
    if (others.length === 0) return found;
    const ids = [found, ...others].map((thing) => thing.id).join(', ');
    throw new CliError(`More than one ${kind} is called ${named}. Name it by its id: ${ids}.`);
  }
  throw unknown(admin, kind, named);
}

function unknown({ dataDir }: AdminClient, kind: string, named: string): CliError {
  return new CliError(`There is no ${kind} ${named}. All of them: ${commandLine(`${kind}s list`, dataDir)}`);
}
