import { requestExtent } from '../../audit/request-extent.ts';
import { type BackupFacts, RestoreRefused } from '../../store/store.ts';
import { afterAnswer } from './after-answer.ts';
import * as contract from './contract.ts';
import { conflict, notFound } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { isoTime, isoTimeOrNull } from './values.ts';

/** The database and its backups. */
export function storageRoutes(app: AdminApp, parts: AdminParts): void {
  const { store, system } = parts;
  const { restores } = store;
  const extent = requestExtent(store.db);

  app.get(
    '/storage',
    { schema: { summary: 'The database and its backups', response: answers(contract.Storage) } },
    async () => {
      const { rows, oldestAt } = extent();
      return {
        dataDir: system.dataDir,
        databaseBytes: store.bytes(),
        requestRows: rows,
        oldestRequestAt: isoTimeOrNull(oldestAt),
        backups: restores.list().map(shape),
        restoring: restores.staged(),
        restartsItself: system.restart !== null,
      };
    },
  );

  app.post(
    '/backups',
    {
      schema: {
        summary: 'Backs the database up now; old backups give way',
        response: answers(contract.Backup, 201),
      },
    },
    async (_request, reply) => {
      const path = await store.backupNow();
      const made = restores.list().find(({ id }) => path.endsWith(`ntl-${id}.db`));
      if (made === undefined) throw conflict('The backup was deleted right after it was made.');
      return reply.status(201).send(shape(made));
    },
  );

  app.post(
    '/backups/:id/restore',
    {
      schema: {
        summary:
          'Starts again with a backup, now or at the next start; the present database becomes a backup too',
        params: IdParams,
        response: answers(contract.Restore),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await staged(id))) throw notFound('backup');
      noteChange(parts, request, {
        ...{ action: 'backup.restore', subject: `backup:${id}`, after: { backup: id } },
      });
      const { restart } = system;
      if (restart !== null) afterAnswer(reply, restart);
      return { restarting: restart !== null };
    },
  );

  app.delete(
    '/storage/restore',
    {
      schema: {
        summary: 'Takes back a restore that waits for the next start',
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const id = restores.staged();
      if (id === null) throw notFound('restore');
      restores.unstage();
      noteChange(parts, request, {
        ...{ action: 'backup.keep', subject: `backup:${id}`, before: { backup: id } },
      });
      return reply.status(204).send();
    },
  );

  async function staged(id: string): Promise<boolean> {
    try {
      return await restores.stage(id);
    } catch (error) {
      throw error instanceof RestoreRefused ? conflict(error.message) : error;
    }
  }
}

function shape({ at, ...rest }: BackupFacts): contract.Backup {
  return { ...rest, at: isoTime(at) };
}
