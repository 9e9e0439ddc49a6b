import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { makeDatabase } from './database.ts';
import { WatchedGateway } from './gateway.ts';
import { pacedProvider } from './paced-provider.ts';
import { MODELS } from './people.ts';

const WORD_MS = 1_000;
/** Streams opened in one go: as many as come together where many people work. */
const AT_ONCE = 50;
const LONGEST_WAIT_MS = 120_000;

export interface Streams {
  opened: number;
  /** Ended as the provider ended them. */
  whole: number;
  /** Memory of the gateway for one stream, bytes. */
  bytesEach: number;
  rssBefore: number;
  rssOpen: number;
  handlesBefore: number;
  handlesOpen: number;
  handlesAfter: number;
  words: number;
}

/** Holds so many paced streams open at once for `holdMs`, then lets all end. `dataDir` must be new. */
export async function measureStreams(dataDir: string, count: number, holdMs: number): Promise<Streams> {
  const provider = await pacedProvider(WORD_MS);
  const size = { rows: 0, days: 1, members: 1, keys: 1 };
  const made = await makeDatabase(dataDir, size, provider.origin, () => undefined);
  const gateway = await WatchedGateway.start(dataDir);
  try {
    const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
    await pause(2_000);
    const [rssBefore, handlesBefore] = [gateway.rss(), gateway.handles()];
    const answers: Promise<{ whole: boolean; words: number }>[] = [];
    while (answers.length < count) {
      for (let index = 0; index < AT_ONCE; index++) answers.push(stream(gateway.url, made.plaintext, agent));
      await reached(() => provider.open() >= answers.length);
    }
    await pause(holdMs);
    const [rssOpen, handlesOpen, opened] = [gateway.rss(), gateway.handles(), provider.open()];
    provider.finish();
    const ended = await Promise.all(answers);
    await reached(() => gateway.handles() <= handlesBefore + 10);
    return {
      ...{ opened, rssBefore, rssOpen, handlesBefore, handlesOpen, handlesAfter: gateway.handles() },
      whole: ended.filter(({ whole }) => whole).length,
      words: ended.reduce((sum, { words }) => sum + words, 0),
      bytesEach: (rssOpen - rssBefore) / count,
    };
  } finally {
    await gateway.stop();
    provider.close();
  }
}

function stream(url: string, key: string, agent: Agent): Promise<{ whole: boolean; words: number }> {
  return new Promise((resolve) => {
    let [text, words] = ['', 0];
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const asked = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers }, (response) => {
      response.setEncoding('utf8').on('data', (some: string) => {
        words += some.split('"word ').length - 1;
        text = (text + some).slice(-100);
      });
      response.on('close', () =>
        resolve({ whole: response.statusCode === 200 && text.endsWith('data: [DONE]\n\n'), words }),
      );
    });
    asked.on('error', () => resolve({ whole: false, words }));
    asked.end(JSON.stringify({ model: MODELS[0], stream: true, messages: [{ role: 'user', content: 'x' }] }));
  });
}

/** Waits until it is so, or too long. */
async function reached(isSo: () => boolean): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!isSo() && performance.now() < end) await pause(20);
}
