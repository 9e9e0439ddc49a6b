import type { FastifyRequest } from 'fastify';
import type { IpBlock as StoredBlock } from '../../accounts/ip-blocks.ts';
import * as contract from './contract.ts';
import { invalid, notFound } from './errors.ts';
import { createdWithin, pageOfAll } from './lists.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { checkRange } from './ranges.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { idOf, isoTime, isoTimeOrNull } from './values.ts';

export function ipBlockRoutes(app: AdminApp, parts: AdminParts): void {
  const { blocks, clock } = parts;

  function lift(request: FastifyRequest, block: StoredBlock): void {
    blocks.remove(block.id);
    const subject = `ip-block:${block.cidr}`;
    noteChange(parts, request, { action: 'ip-block.lift', subject, before: shape(block) });
  }

  app.get(
    '/ip-blocks',
    {
      schema: {
        summary: 'The block list',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.IpBlock)),
      },
    },
    async ({ query }) => {
      const now = clock.wall();
      const holding = blocks.list().filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
      const { data, pagination } = pageOfAll(createdWithin(holding, query), query);
      return { data: data.map(shape), pagination };
    },
  );

  app.post(
    '/ip-blocks',
    {
      schema: {
        summary: 'Blocks an address or a range; the same range again takes the new reason and end',
        body: contract.NewIpBlock,
        response: answers(contract.IpBlock, 201),
      },
    },
    async (request, reply) => {
      const { cidr, reason = null } = request.body;
      checkRange('cidr', cidr);
      const expiresAt = request.body.expiresAt == null ? null : Date.parse(request.body.expiresAt);
      if (expiresAt !== null && expiresAt <= clock.wall()) {
        throw invalid('expiresAt', 'The field expiresAt must lie in the future.');
      }
      const after = shape(blocks.add({ cidr, reason, expiresAt, createdAt: clock.wall() }));
      noteChange(parts, request, { action: 'ip-block.add', subject: `ip-block:${cidr}`, after });
      return reply.status(201).send(after);
    },
  );

  app.delete(
    '/ip-blocks',
    {
      schema: {
        summary: 'Lifts a block by its range, in the body or the query',
        body: contract.IpBlockRef.nullish(),
        querystring: contract.IpBlockRefQuery,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const cidr = request.body?.cidr ?? request.query.cidr;
      if (cidr === undefined) throw invalid('cidr', 'The field cidr is missing.');
      const block = blocks.find(cidr);
      if (block === undefined) throw notFound('block');
      lift(request, block);
      return reply.status(204).send();
    },
  );

  app.delete(
    '/ip-blocks/:id',
    { schema: { summary: 'Lifts a block', params: IdParams, response: answers(NoContent, 204) } },
    async (request, reply) => {
      const id = idOf(request.params.id);
      const block = blocks.list().find((other) => other.id === id);
      if (block === undefined) throw notFound('block');
      lift(request, block);
      return reply.status(204).send();
    },
  );
}

function shape(block: StoredBlock): contract.IpBlock {
  return {
    ...block,
    id: String(block.id),
    expiresAt: isoTimeOrNull(block.expiresAt),
    createdAt: isoTime(block.createdAt),
  };
}
