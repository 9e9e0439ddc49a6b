import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AdminApp } from './parts.ts';
import { answers } from './schemas.ts';

/** Collects the routes that are registered after it. */
export async function collectOpenApi(app: AdminApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'NoTokenLimit Desktop: admin API',
        description: 'On this computer only. Send the admin token of runtime.json as a bearer token.',
        version,
      },
      components: { securitySchemes: { adminToken: { type: 'http', scheme: 'bearer' } } },
      security: [{ adminToken: [] }],
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      return { schema: { tags: [topicOf(url)], ...schema }, url };
    },
    stripBasePath: false,
  });
}

/** `/admin/api/members/:id/limits` is about members. */
function topicOf(url: string): string {
  return url.split('/')[3] ?? '';
}

export function openApiRoute(app: AdminApp): void {
  app.get(
    '/openapi.json',
    { schema: { summary: 'This description', response: answers(z.record(z.string(), z.unknown())) } },
    async () => ({ ...app.swagger() }),
  );
}
