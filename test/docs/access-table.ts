import { ask, codeOf } from '../doors/member/ask.ts';
import type { TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { networkPart } from './network-table.ts';
import { nameOf, type Operation, operationsOf, sampleOf } from './operations.ts';

const KINDS = ['standard', 'subscription', 'pay_per_token'] as const;

/** What a member may be, by the words of the table. Each has a balance but the one that has none left. */
const STATES: Readonly<Record<string, Record<string, unknown>>> = {
  active: {},
  'no self-service': { selfService: false },
  'prepaid, nothing left': { prepaid: true },
  pending: { status: 'pending' },
  disabled: { status: 'disabled' },
  suspended: { status: 'suspended' },
  'from an address not allowed': { allowedIps: ['10.0.0.0/8'] },
};

const INTRO = `# Who may do what

What a running gateway answered, route by route: by kind of key and state of the member, then by what is wrong with a key.
\`npm run docs\` writes this page; a test compares it.

A request is one that is right in itself, by a member that has a balance and room in its limits. \`{tool}\` is \`claudecode\`.
`;

/** The page docs/access.md, from what a fresh gateway answers. */
export async function accessPage(gateway: TestGateway): Promise<string> {
  const operations = await operationsOf(gateway);
  // Before an address is blocked.
  const abroad = await networkPart(gateway);
  const parts = [INTRO];
  for (const kind of KINDS) {
    parts.push(`## A ${kind} key\n`);
    const columns = new Map<string, string[]>();
    for (const [state, facts] of Object.entries(STATES)) {
      columns.set(state, await answersFor(gateway, operations, kind, facts));
    }
    parts.push(table(operations, columns));
  }
  parts.push('## Something is wrong with the key\n', table(operations, await wrongKeys(gateway, operations)));
  parts.push(abroad);
  return parts.join('\n');
}

async function answersFor(
  gateway: TestGateway,
  operations: readonly Operation[],
  kind: string,
  facts: Record<string, unknown>,
): Promise<string[]> {
  const { id, key } = await gateway.member(facts, { kind });
  if (facts.prepaid !== true) {
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 1_000_000, micros: 1_000_000 });
  }
  const other = await gateway.admin('POST', '/keys', { memberId: id, name: 'other', kind });
  return answersOf(gateway, operations, key, other.body.id);
}

async function answersOf(
  gateway: TestGateway,
  operations: readonly Operation[],
  key: string,
  keyId: string,
): Promise<string[]> {
  const answers: string[] = [];
  for (const operation of operations) {
    const { path, ...request } = sampleOf(operation, keyId);
    const answer = await ask(gateway, path, { ...request, key });
    const code = codeOf(answer);
    answers.push(typeof code === 'string' ? `${answer.status} \`${code}\`` : String(answer.status));
  }
  return answers;
}

async function wrongKeys(
  gateway: TestGateway,
  operations: readonly Operation[],
): Promise<Map<string, string[]>> {
  const revoked = await gateway.member();
  await gateway.admin('DELETE', `/keys/${revoked.keyId}`);
  const expired = await gateway.member({}, { expiresAt: new Date(Date.now() + 3_000).toISOString() });
  await until('the key to expire', async () => {
    return codeOf(await ask(gateway, '/tenant/credits', { key: expired.key })) === 'key_expired';
  });
  const good = await gateway.member();
  const by = (key: string) => answersOf(gateway, operations, key, good.keyId);
  const columns = new Map([
    ['no key', await by('')],
    ['unknown', await by(`ntl_live_${'x'.repeat(40)}`)],
    ['revoked', await by(revoked.key)],
    ['expired', await by(expired.key)],
  ]);
  await gateway.admin('POST', '/ip-blocks', { cidr: '127.0.0.1' });
  return columns.set('from a blocked address', await by(good.key));
}

function table(operations: readonly Operation[], columns: ReadonlyMap<string, readonly string[]>): string {
  const lines = [
    ['route', ...columns.keys()],
    ['route', ...columns.keys()].map(() => '---'),
    ...operations.map((operation, at) => [
      `\`${nameOf(operation)}\``,
      ...[...columns.values()].map((answers) => answers[at] ?? ''),
    ]),
  ];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
