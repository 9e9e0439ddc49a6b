import { networkCaller } from '../../gateway/doors/network-routes.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import type { TestGateway } from '../support/gateway.ts';

/** A route as Fastify has it. */
export interface Route {
  method: string;
  url: string;
}

/** Somebody else sits there; another each time, since who shows wrong keys is blocked. */
let others = 0;
const otherComputer = () => `10.7.${others >> 8}.${others++ & 255}`;

const WHO = {
  anyone: 'anyone',
  key: 'whoever has a key',
  owner: 'the owner, once the panel is on the network',
  nobody: 'nobody',
};

const INTRO = `## From another computer

Every route there is, and who may call it from another computer, however the gateway is reached: shared, or by \`--host\`.
The table in \`gateway/doors/network-routes.ts\` says so; what is not in it is nobody's. Beside it what the gateway answered
there. \`{tool}\` and other parameters are as in a real request; routes of the inference API stand for all their spellings.
`;

/** The part of docs/access.md on other computers. */
export async function networkPart(gateway: TestGateway): Promise<string> {
  await complete(gateway);
  const lines = [
    '| route | who | without a key | with a key | with the admin token |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const { method, url } of shownRoutes(gateway)) {
    const answers = await answersAbroad(gateway, { method, url });
    lines.push(`| \`${method} ${url}\` | ${WHO[networkCaller(url)]} | ${answers.join(' | ')} |`);
  }
  const admin = adminRoutes(gateway);
  const own = new Set<string>();
  for (const route of admin) own.add((await answersAbroad(gateway, route)).join(' | '));
  lines.push(
    `| all below \`/admin/api\` | ${WHO[networkCaller('/admin/api/*')]} | ${[...own].join(' or ')} |`,
  );
  return `${INTRO}\n${lines.join('\n')}\n`;
}

/** Without a key, with one, and with the admin token. */
export async function answersAbroad(gateway: TestGateway, route: Route): Promise<string[]> {
  const { adminToken = '' } = readRuntimeFile(gateway.dataDir) ?? {};
  const answers: string[] = [];
  for (const bearer of ['', gateway.key, adminToken]) {
    const answer = await gateway.gateway.app.inject({
      ...{ method: route.method as 'GET', url: sampleUrl(route.url), remoteAddress: otherComputer() },
      headers: { host: 'studio.local:7412', ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }) },
    });
    answers.push(String(answer.statusCode));
  }
  return answers;
}

export function sampleUrl(url: string): string {
  return url
    .replace(/:preset\b/, 'claudecode')
    .replace(/:\w+/g, 'x')
    .replace(/\*/, 'x');
}

function adminRoutes(gateway: TestGateway): Route[] {
  return routesOf(gateway).filter(({ url }) => url.startsWith('/admin/api'));
}

/** Most routes come with the first request for one of them. */
export async function complete(gateway: TestGateway): Promise<void> {
  await gateway.admin('GET', '/status');
}

export function routesOf(gateway: TestGateway): readonly Route[] {
  return gateway.gateway.app.allRoutes;
}

/** One spelling of each inference route; the admin API is told as a whole. */
function shownRoutes(gateway: TestGateway): Route[] {
  const inference =
    /^(?!\/v1\/(?!v1|openai))(.*)(\/chat|\/messages|\/responses|\/embeddings|\/completions|\/models)(\/|$)/;
  const shown = routesOf(gateway).filter(
    ({ method, url }) => method !== 'HEAD' && !url.startsWith('/admin/api') && !inference.test(url),
  );
  return shown.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const order = ({ method, url }: Route) =>
  `${['anyone', 'key', 'owner', 'nobody'].indexOf(networkCaller(url))} ${url} ${method}`;
