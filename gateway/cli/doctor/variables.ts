/** Variables of this shell that tools read: where they lead, and whether the key in them is good. */
import { leadsTo, urlOf, usualBase } from '../../connect/doctor/address.ts';
import { examineAddress, isMeant } from '../../connect/doctor/examine-address.ts';
import { examineKey } from '../../connect/doctor/examine-key.ts';
import { bad, type Finding, warn } from '../../connect/doctor/finding.ts';
import type { GatewayView } from '../../connect/doctor/gateway-view.ts';
import type { ToldAddress } from '../../connect/doctor/told.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An address with the keys that are sent to it, the first that is set before the others. */
interface Family {
  address: string;
  keys: readonly string[];
  shape: 'anthropic' | 'openai';
  /** Where requests go without the address. */
  usual: string | null;
}

const FAMILIES: readonly Family[] = [
  {
    ...{ address: 'ANTHROPIC_BASE_URL', shape: 'anthropic', usual: 'Anthropic' },
    keys: ['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'],
  },
  { address: 'OPENAI_BASE_URL', keys: ['OPENAI_API_KEY'], shape: 'openai', usual: 'OpenAI' },
  { address: 'OPENAI_API_BASE', keys: ['OPENAI_API_KEY'], shape: 'openai', usual: null },
  { address: 'AIDER_OPENAI_API_BASE', keys: ['AIDER_OPENAI_API_KEY'], shape: 'openai', usual: null },
  {
    ...{ address: 'COPILOT_PROVIDER_BASE_URL', shape: 'openai', usual: null },
    keys: ['COPILOT_PROVIDER_API_KEY'],
  },
  // Lines of the panel's page Connect name these; settings then take the key from them.
  { address: '', keys: ['NTL_KEY', 'NTL_API_KEY'], shape: 'openai', usual: null },
];

export async function variableFindings(environment: Environment, view: GatewayView): Promise<Finding[]> {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const family of FAMILIES) {
    let good: string | null = null;
    for (const name of family.keys) {
      const value = environment[name];
      if (!value?.startsWith('ntl_live_')) continue;
      const told = { where: '', at: name, key: value };
      const examined = await examineKey({ name, tool: null }, told, view, []);
      if (!seen.has(name)) findings.push(...examined.findings);
      seen.add(name);
      if (examined.good) good ??= value;
    }
    findings.push(...(await addressFindings(environment, family, view, good)));
  }
  return findings;
}

async function addressFindings(
  environment: Environment,
  family: Family,
  view: GatewayView,
  key: string | null,
): Promise<Finding[]> {
  const { address: name, keys, shape, usual } = family;
  const value = environment[name];
  const [here] = view.addresses;
  const holder = keys.find((one) => environment[one]?.startsWith('ntl_live_'));
  const about = { check: 'address' };
  if (!value) {
    // Of OpenAI's SDK, the older name counts for some programs.
    const elsewhere = environment.OPENAI_API_BASE !== undefined && name === 'OPENAI_BASE_URL';
    if (holder === undefined || usual === null || here === undefined || elsewhere) return [];
    const what = `${holder} holds a key of this gateway, and ${name} is not set: programs that take both from this shell send the key to ${usual}.`;
    return [warn(about, what, { text: `Set ${name} to ${usualBase(here, shape)}` })];
  }
  const url = urlOf(value);
  if (url === null) {
    const what = `${name} is no address: it must begin with http:// or https://.`;
    return holder === undefined || here === undefined
      ? []
      : [bad(about, what, { text: `Set it to ${usualBase(here, shape)}` })];
  }
  const told: ToldAddress = { where: '', at: name, url, shape };
  if (!isMeant(told, view, []) && holder === undefined) return [];
  if (
    holder !== undefined &&
    !leadsTo(url, [...view.addresses, ...view.sharedUrls]) &&
    url.protocol === 'https:'
  ) {
    const what = `${holder} holds a key of this gateway, and ${name} leads to ${url.origin}: the key is sent there.`;
    return [
      bad(about, what, {
        text: here === undefined ? `Unset ${name}` : `Set ${name} to ${usualBase(here, shape)}`,
      }),
    ];
  }
  const { findings } = await examineAddress({ name, tool: null }, told, view, key);
  const first = keys.find((one) => environment[one]);
  if (holder === undefined && first !== undefined)
    findings.push(
      bad({ check: 'key' }, `${name} leads here, and ${first} holds no key of this gateway.`, {
        ...{ text: `Make one and put it into ${first}`, command: 'keys create "my tool"', page: '/keys' },
      }),
    );
  return findings;
}

/** How a variable is taken out, in this shell and where the next ones get it. */
export function howToUnset(name: string, environment: Environment = process.env): string {
  const now = process.platform === 'win32' ? `Remove-Item Env:${name}` : `unset ${name}`;
  const shell = (environment.SHELL ?? '').split('/').at(-1);
  const profile =
    process.platform === 'win32'
      ? 'your user’s variables'
      : (PROFILES[shell ?? ''] ?? 'the profile of your shell');
  return `${shell === 'fish' ? `set -e ${name}` : now}, and take it out of ${profile}`;
}

const PROFILES: Readonly<Record<string, string>> = {
  bash: '~/.bashrc or ~/.profile',
  zsh: '~/.zshrc or ~/.zshenv',
  fish: '~/.config/fish/config.fish',
};
