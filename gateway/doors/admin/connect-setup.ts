import type { FastifyRequest } from 'fastify';
import { isUsable } from '../../accounts/keys.ts';
import { type Install, oneCommand, sourceFolder } from '../../connect/ntl-here.ts';
import type { Place } from '../../connect/recipe.ts';
import { RECIPES } from '../../connect/recipes.ts';
import type { FileChange } from '../../connect/setup/change.ts';
import {
  connect,
  type Desk,
  disconnect,
  type KeyDesk,
  type Preview,
  preview,
} from '../../connect/setup/connection.ts';
import { detect } from '../../connect/setup/detect.ts';
import { diffOf } from '../../connect/setup/diff.ts';
import { shownPath, thisMachine } from '../../connect/setup/machine.ts';
import { Records } from '../../connect/setup/records.ts';
import { SetupError } from '../../connect/setup/setup-error.ts';
import { SETUPS } from '../../connect/setup/setups.ts';
import { isInstalled, isKeyByHand, type ToolSetup } from '../../connect/setup/tool-setup.ts';
import { GatewayError } from '../../errors.ts';
import { placeOf } from './connect-place.ts';
import * as contract from './contract.ts';
import { invalid, notFound } from './errors.ts';
import { settingsOf } from './keys.ts';
import { isInProcess, refuseRemote } from './local-request.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { idOf, isoTime } from './values.ts';

/** Writes tools' own files, and takes that back. For whoever sits at this computer alone, whatever else is opened. */
export function connectSetupRoutes(app: AdminApp, parts: AdminParts): void {
  const place = placeOf(parts);
  const { dataDir } = parts.system;
  const records = new Records(dataDir);
  const install = { source: sourceFolder(), dataDir };

  function setupFor(request: FastifyRequest, id: string): ToolSetup {
    if (!isInProcess(request.raw)) refuseRemote(request.raw);
    const setup = SETUPS.find((one) => one.id === id);
    if (setup !== undefined) return setup;
    if (RECIPES.some((recipe) => recipe.id === id))
      throw new GatewayError('not_found', 'This tool has no files that could be written.');
    throw notFound('tool');
  }

  function desk(keys: KeyDesk): Desk {
    return { machine: thisMachine(), records, keys, now: () => parts.clock.wall() };
  }

  app.get(
    '/connect/tools/:id/setup',
    {
      schema: {
        summary: 'What writing a tool’s own settings files would change; nothing is written',
        params: IdParams,
        querystring: contract.ConnectQuery,
        response: answers(contract.ConnectSetup),
      },
    },
    async (request) => {
      const setup = setupFor(request, request.params.id);
      return looked(desk(keysOf(parts, request, undefined)), install, setup, place(request.query));
    },
  );

  app.post(
    '/connect/tools/:id/setup',
    {
      schema: {
        summary: 'Writes a tool’s settings files with a key of its own, and remembers what was there',
        params: IdParams,
        body: contract.ConnectWish,
        response: answers(contract.ConnectWritten),
      },
    },
    async (request) => {
      const setup = setupFor(request, request.params.id);
      const { memberId, ...query } = request.body;
      const at = desk(keysOf(parts, request, memberId));
      const wanted = place(query);
      const { record, newKey, byHand } = await refusing(at, () => connect(at, setup, wanted));
      const { tool, model, smallModel, keyId } = record;
      noteChange(parts, request, {
        action: 'tool.connect',
        subject: `tool:${tool}`,
        after: { model, smallModel, keyId },
      });
      return { ...(await looked(at, install, setup, wanted)), key: byHand ? newKey : null };
    },
  );

  app.delete(
    '/connect/tools/:id/setup',
    {
      schema: {
        summary: 'Puts a tool’s settings files back as they were, and revokes its key',
        params: IdParams,
        response: answers(contract.ConnectUndone),
      },
    },
    async (request) => {
      const { id } = setupFor(request, request.params.id);
      const at = desk(keysOf(parts, request, undefined));
      const done = await refusing(at, () => disconnect(at, id));
      if (done === null) throw new GatewayError('not_found', 'This tool is not connected.');
      const { model, smallModel, keyId } = done.record;
      noteChange(parts, request, {
        action: 'tool.disconnect',
        subject: `tool:${id}`,
        before: { model, smallModel, keyId },
      });
      return {
        files: done.changes.map(({ path, exact, kept }) => ({
          ...{ path: shownPath(at.machine, path), exact },
          kept: kept.map((segments) =>
            segments.map((one) => (typeof one === 'string' ? one : '[…]')).join('.'),
          ),
        })),
        failures: done.failures.map((failure) => wordsOf(at, failure)),
      };
    },
  );
}

async function looked(
  desk: Desk,
  install: Install,
  setup: ToolSetup,
  place: Place,
): Promise<contract.ConnectSetup> {
  const { machine, records } = desk;
  const marks = setup.marks(machine);
  const found = detect(machine, marks);
  const record = records.get(setup.id);
  const planned = await preview(desk, setup, place).catch((error: unknown): Preview | SetupError => {
    if (error instanceof SetupError) return error;
    throw error;
  });
  const works = planned instanceof SetupError ? null : planned;
  const [extension] = found.extensions;
  return {
    installed: isInstalled(found, marks),
    version: found.version ?? extension?.version ?? null,
    where: found.command === null ? (extension?.editor.name ?? null) : shownPath(machine, found.command),
    connected: record && {
      ...{ at: isoTime(record.at), model: record.model, smallModel: record.smallModel },
      ...{ address: record.origin, keyId: record.keyId },
    },
    settled: works?.settled ?? false,
    files:
      works?.changes.map((change) => ({ ...fileOf(change), path: shownPath(machine, change.path) })) ?? [],
    keyByHand: isKeyByHand(setup.files(machine, place, found)),
    steps: setup.steps?.(place, found, machine) ?? [],
    command: oneCommand(install, place, setup.id, runsOf(setup, place)),
    problem: planned instanceof SetupError ? wordsOf(desk, planned) : null,
  };
}

function runsOf(setup: ToolSetup, place: Place): 'tool' | 'program' | null {
  const start = setup.start?.(place);
  if (start === undefined) return null;
  return start.command === null ? 'program' : 'tool';
}

function fileOf({ path, now, next }: FileChange): contract.ConnectFile {
  const { lines, added, removed } = diffOf(now?.toString() ?? '', next?.toString() ?? '');
  const state = added + removed === 0 ? 'stays' : now === null ? 'new' : next === null ? 'goes' : 'changes';
  return { path, state, lines, added, removed };
}

/** Made for a member, written down as the owner's change. */
function keysOf(parts: AdminParts, request: FastifyRequest, memberId: string | undefined): KeyDesk {
  const { keys, members, clock } = parts;
  return {
    async make(name) {
      const member =
        memberId === undefined ? members.list().find(({ owner }) => owner) : members.get(idOf(memberId));
      if (member === undefined)
        throw invalid('memberId', 'There is no such member. It may have been deleted.');
      const wanted = { memberId: member.id, name, kind: 'standard' as const, expiresAt: null };
      const { key, plaintext } = keys.create({ ...wanted, now: clock.wall() });
      noteChange(parts, request, { action: 'key.create', subject: `key:${key.id}`, after: settingsOf(key) });
      return { id: String(key.id), key: plaintext };
    },
    async isLive(id) {
      const key = keys.get(idOf(id));
      return key !== undefined && isUsable(key, clock.wall());
    },
    async revoke(id) {
      const key = keys.get(idOf(id));
      if (key === undefined || key.revokedAt !== null) return;
      const before = settingsOf(key);
      keys.revoke(key.id, clock.wall());
      noteChange(parts, request, {
        action: 'key.revoke',
        subject: `key:${key.id}`,
        before,
        after: settingsOf(key),
      });
    },
  };
}

/** What is wrong with a file is for the owner to read. */
async function refusing<Result>(desk: Desk, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SetupError) throw new GatewayError('invalid_request', wordsOf(desk, error));
    throw error;
  }
}

/** With the path as people write it. */
function wordsOf({ machine }: Desk, { message, path }: SetupError): string {
  return message.replace(path, shownPath(machine, path));
}
