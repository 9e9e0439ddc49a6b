/**
 * A colleague's computer: asks what it is told to on standard input, a JSON object a line, and answers on standard
 * output. It runs in a network namespace of its own.
 */
import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { askHttps } from '../https.ts';

interface Asked {
  id: number;
  act: 'https' | 'tcp' | 'watch' | 'seen';
  // biome-ignore lint/suspicious/noExplicitAny: each act takes its own
  [fact: string]: any;
}

const kept = new Agent({ keepAlive: true, maxSockets: 1 });
let browser: Browser | undefined;
const gone: string[] = [];

const ACTS: Record<Asked['act'], (asked: Asked) => Promise<unknown>> = {
  async https({ url, options, keep }) {
    try {
      return await askHttps(url, { ...options, ...(keep ? { agent: kept } : {}) });
    } catch (error) {
      return { failed: (error as NodeJS.ErrnoException).code ?? String(error) };
    }
  },
  /** Whether anything at all comes back from a port. */
  async tcp({ address, port }) {
    const socket = connect({ host: address, port, timeout: 2_000 });
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.length;
    });
    socket.on('timeout', () => socket.destroy());
    try {
      await once(socket, 'connect');
      socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
      await once(socket, 'close');
      return { reached: true, bytes };
    } catch (error) {
      return { reached: false, code: (error as NodeJS.ErrnoException).code };
    } finally {
      socket.destroy();
    }
  },
  async watch({ address }) {
    const options = { interface: address, bind: '0.0.0.0' };
    const bonjour = new Bonjour(options as ConstructorParameters<typeof Bonjour>[0]);
    browser = bonjour.find({ type: 'ntl' });
    browser.on('down', (service: Service) => gone.push(service.name));
    return {};
  },
  async seen() {
    browser?.update();
    const services = browser?.services ?? [];
    const found = services.map(({ name, port, host, addresses }) => ({ name, port, host, addresses }));
    return { found, gone };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as Asked;
  const answer = await ACTS[asked.act](asked);
  process.stdout.write(`${JSON.stringify({ id: asked.id, answer })}\n`);
}
process.exit(0);
