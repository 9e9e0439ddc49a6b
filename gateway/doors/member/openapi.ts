import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { inferencePaths } from './inference-paths.ts';
import type { MemberApp } from './parts.ts';

const DESCRIPTION = `What a local key opens. Send it as \`Authorization: Bearer ntl_live_…\`, or as \`x-api-key\`.

Every answer carries \`x-request-id\`, and once the key is known \`x-ntl-tier\`, the member's plan. Money is in whole
micros of a US dollar, times are ISO 8601 in UTC, ids are strings. Lists take \`page\`, \`pageSize\`, \`startDate\` and
\`endDate\`: a page is never larger than the plan's cap, and a \`startDate\` before the plan's history window gives an
empty page. Errors are \`{"error": {"type", "code", "message", "param"}}\`.`;

const TAGS = [
  {
    name: 'Inference',
    description:
      'The APIs your tools know. Where a prepaid balance pays, `usage` (of a stream the last one) also tells ' +
      '`route_multiplier`, such as `"x3"`, and `charged_quota_tokens`, what the ledger was charged. A chat or ' +
      'completions stream tells them to clients that set `stream_options.include_usage`.',
  },
  { name: 'Keys', description: "A member's own keys." },
  { name: 'Account', description: 'Plan, use and balance.' },
  { name: 'Quotas', description: 'What holds for a key, by model.' },
  { name: 'Billing', description: 'Pages of Stripe, where the owner has set it up.' },
  { name: 'Pricing', description: 'For everybody, without a key.' },
];

/** Collects the routes that are registered after it. The inference routes have no schemas and are told by hand. */
export async function collectOpenApi(app: MemberApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'NoTokenLimit Desktop', description: DESCRIPTION, version },
      tags: TAGS,
      paths: inferencePaths(),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          keyHeader: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
      security: [{ key: [] }, { keyHeader: [] }],
    },
    transform: jsonSchemaTransform,
    stripBasePath: false,
  });
}
