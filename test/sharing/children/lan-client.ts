/**
 * A colleague's computer: asks what it is told to on standard input, a JSON object a line, and answers on standard
 * output. It runs in a network namespace of its own.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { askHttps } from '../https.ts';

interface Asked {
  id: number;
  act: 'https' | 'tcp' | 'watch' | 'seen' | 'junk';
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
  /** Datagrams that are no DNS, or odd DNS, at whoever answers for multicast DNS. */
  async junk({ address }) {
    const socket = createSocket('udp4');
    const send = promisify(socket.send.bind(socket) as (...args: unknown[]) => void) as (
      ...args: unknown[]
    ) => Promise<void>;
    for (const packet of junk()) await send(packet, 5353, address);
    socket.close();
    return {};
  },
  async seen() {
    browser?.update();
    const services = browser?.services ?? [];
    const found = services.map(({ name, port, host, addresses }) => ({ name, port, host, addresses }));
    return { found, gone };
  },
};

/** Noise, a query cut anywhere, and queries of every type for odd names. */
function* junk(): Generator<Buffer> {
  for (let length = 0; length < 300; length++) yield randomBytes(length);
  const query = (name: Buffer, type: number) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
      name,
      Buffer.from([type >> 8, type & 255, 0, 1]),
    ]);
  const ours = Buffer.from('\u0004_ntl\u0004_tcp\u0005local\u0000');
  for (let end = 0; end < ours.length; end++) yield query(ours.subarray(0, end), 12);
  for (let type = 0; type < 300; type++) yield query(ours, type);
  for (const name of ['\u0000', '\u0009__proto__\u0000', '\u000bconstructor\u0000', '\u00c0\u000c'])
    for (const type of [1, 12, 16, 28, 33, 255]) yield query(Buffer.from(name, 'latin1'), type);
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as Asked;
  const answer = await ACTS[asked.act](asked);
  process.stdout.write(`${JSON.stringify({ id: asked.id, answer })}\n`);
}
process.exit(0);
