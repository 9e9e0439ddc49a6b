import { type Finding, ok, warn } from './doctor-finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of this computer that tools are told. */
const HERE = ['127.0.0.1', 'localhost'];

/**
 * Whether a proxy of the environment would be asked for addresses of this computer: it cannot reach them. Tools read
 * these variables as curl does (https://everything.curl.dev/usingcurl/proxies/env.html).
 */
export function proxyFindings(environment: Environment): Finding[] {
  // For plain HTTP, which the gateway speaks here.
  const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].filter((name) => environment[name]);
  if (names.length === 0) return [ok('No proxy of the environment stands between tools and the gateway.')];
  const caught = HERE.filter((host) => !isExcepted(host, environment.no_proxy || environment.NO_PROXY || ''));
  if (caught.length === 0) return [ok(`${names.join(', ')} leaves this computer's addresses out.`)];
  return [
    warn(
      `${names.join(', ')} is set and catches ${caught.join(' and ')}: tools would ask the proxy for the gateway.`,
      `Set NO_PROXY to ${[environment.no_proxy || environment.NO_PROXY, ...caught].filter(Boolean).join(',')} where your shell starts.`,
    ),
  ];
}

/** `*`, a name, or a domain, with or without a dot before it; some write ports. */
function isExcepted(host: string, exceptions: string): boolean {
  return exceptions
    .split(/[\s,]+/)
    .map((entry) =>
      entry
        .toLowerCase()
        .replace(/:\d{1,5}$/, '')
        .replace(/^\*?\./, ''),
    )
    .some((entry) => entry === '*' || entry === host || (entry === '127.0.0.0/8' && host === '127.0.0.1'));
}
