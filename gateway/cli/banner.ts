import packageFacts from '../../package.json' with { type: 'json' };
import { ECHO_MODEL } from '../catalogue/models.ts';
import { commandLine, quoted } from './command-line.ts';
import { fields, plain } from './output.ts';

export interface StartFacts {
  /** Where it answers, such as `http://127.0.0.1:7411`. */
  url: string;
  dataDir: string;
  /** The vault's own sentence. */
  protection: string;
  /** What the owner must be told about this start. */
  notices: readonly { message: string }[];
  /** Plaintext of the key made at the very first start. */
  firstKey: string | null;
  /** Signs a browser in once; null where what is printed may be kept, as in a service's log. */
  panelUrl: string | null;
  /** Whether other machines can reach it. */
  reach: Reach;
}

/** `network`: beyond this computer. `network-only`: not even from this computer by its own name. */
export type Reach = 'loopback' | 'network' | 'network-only';

/** What a headless start says: where what listens, how credentials are kept, the first key, what to try. */
export function startText(facts: StartFacts): string {
  const parts = [...facts.notices.map(noticeText), addressText(facts), reachText(facts), keyText(facts)];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

/** The key of the first start: it cannot be asked for again. */
export function firstKeyText(key: string): string {
  return `Your key, shown this once. Keep it; tools use it as their API key:\n\n  ${key}\n`;
}

/** A request that works before any provider is set up. */
export function curlLine(url: string, key: string, platform: NodeJS.Platform = process.platform): string {
  const body = JSON.stringify({ model: ECHO_MODEL, messages: [{ role: 'user', content: 'Hello' }] });
  const words = [
    ...['curl', '-sS', `${url}/v1/chat/completions`],
    ...['-H', `Authorization: Bearer ${key}`, '-H', 'Content-Type: application/json', '-d', body],
  ];
  return words.map((word) => quoted(word, platform)).join(' ');
}

function noticeText({ message }: { message: string }): string {
  const line = '!'.repeat(72);
  return `${line}\n${plain(message)}\n${line}\n`;
}

function addressText({ url, dataDir, protection, panelUrl }: StartFacts): string {
  const panel =
    panelUrl ?? `${url}/panel/ (\`${commandLine('status', dataDir)}\` gives a link that signs you in)`;
  return `NoTokenLimit ${packageFacts.version} is running. Ctrl-C stops it.\n\n${fields([
    ['  OpenAI base URL', `${url}/v1`],
    ['  Anthropic base URL', url],
    ['  Control panel', panel],
    ['  Data folder', dataDir],
    ['  Credentials', protection],
  ])}`;
}

function reachText({ reach }: StartFacts): string {
  if (reach === 'loopback') return '';
  const lines = [
    'Warning: other machines can reach the inference API, and the connection is not encrypted: who can read the network can read keys and prompts. The admin API and the panel answer this computer only.',
  ];
  if (reach === 'network-only') {
    lines.push('They answer on loopback, where nothing listens now: use --host 0.0.0.0 to have both.');
  }
  return `${lines.join('\n')}\n`;
}

function keyText({ firstKey, url, dataDir }: StartFacts): string {
  if (firstKey === null) return `A new key: ${commandLine('keys create', dataDir)}`;
  return [
    firstKeyText(firstKey),
    `Try it:\n\n  ${curlLine(url, firstKey)}\n`,
    `Then add a provider: ${commandLine('providers add openai', dataDir)}`,
  ].join('\n');
}
