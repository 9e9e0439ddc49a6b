import packageFacts from '../../package.json' with { type: 'json' };
import { ECHO_MODEL } from '../catalogue/models.ts';
import { commandLine, quoted } from './command-line.ts';
import { fields, plain, wrapped } from './output.ts';

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
  panel: Panel;
  /** Whether other machines can reach it. */
  reach: Reach;
}

/**
 * `signIn`: a link that signs a browser in once, to print where a person reads it. `built`: the panel is there,
 * but what is printed may be kept, as in a service's log.
 */
export type Panel = { signIn: string } | 'built' | 'not built';

/** `network`: beyond this computer. `network-only`: not even from this computer by its own name. */
export type Reach = 'loopback' | 'network' | 'network-only';

/** Wider lines are hard to read even where there is room. */
const WIDEST = 80;

/**
 * What a headless start says: where what listens, the first key, what to try and what to do next. Text keeps
 * within `columns`; what is to be copied stays on one line.
 */
export function startText(facts: StartFacts, columns = process.stdout.columns ?? WIDEST): string {
  const width = Math.min(columns, WIDEST);
  const parts = [
    ...facts.notices.map((notice) => noticeText(notice, width)),
    addressText(facts, width),
    reachText(facts, width),
    keyText(facts),
    panelText(facts),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}`;
}

/** What it says after a start in the same process. */
export function restartText(
  { url, notices }: Pick<StartFacts, 'url' | 'notices'>,
  columns = process.stdout.columns ?? WIDEST,
): string {
  const width = Math.min(columns, WIDEST);
  return `${notices.map((notice) => noticeText(notice, width)).join('\n')}Started again. It answers at ${url}.\n`;
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

function noticeText({ message }: { message: string }, width: number): string {
  const line = '!'.repeat(Math.min(width, 72));
  return `${line}\n${paragraph(plain(message), width)}${line}\n`;
}

function addressText({ url, dataDir, protection }: StartFacts, width: number): string {
  return `NoTokenLimit ${packageFacts.version} is running. Ctrl-C stops it.\n\n${fields(
    [
      ['  OpenAI base URL', `${url}/v1`],
      ['  Anthropic base URL', url],
      ['  Data folder', dataDir],
      ['  Credentials', protection],
    ],
    width,
  )}`;
}

function reachText({ reach }: StartFacts, width: number): string {
  if (reach === 'loopback') return '';
  const warning = paragraph(
    'Warning: other machines can reach the inference API, and the connection is not encrypted: who can read the network can read keys and prompts. The admin API and the panel answer this computer only.',
    width,
  );
  if (reach === 'network') return warning;
  return (
    warning +
    paragraph('They answer on loopback, where nothing listens now: use --host 0.0.0.0 to have both.', width)
  );
}

function keyText({ firstKey, url, dataDir }: StartFacts): string {
  if (firstKey === null) return step('One more key for a tool', commandLine('keys create', dataDir));
  return [
    firstKeyText(firstKey),
    step('Try it in another terminal', curlLine(url, firstKey)),
    step('Then add a provider', commandLine('providers add openai', dataDir)),
  ].join('\n');
}

function panelText({ panel, dataDir }: StartFacts): string {
  if (panel === 'not built') {
    return step('The control panel is not built. To have it, build it and start again', 'npm run build');
  }
  if (panel === 'built') {
    return step('A link that signs your browser in to the control panel', commandLine('status', dataDir));
  }
  return step('The control panel; this link signs your browser in once', panel.signIn);
}

/** What to copy stands on a line of its own. */
function step(what: string, command: string): string {
  return `${what}:\n\n  ${command}\n`;
}

function paragraph(text: string, width: number): string {
  return `${wrapped(text, width).join('\n')}\n`;
}
