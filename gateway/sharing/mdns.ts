import type { Bonjour as BonjourType, Service } from 'bonjour-service';
import { hostNames } from './host-names.ts';
import type { OwnAddress } from './own-network.ts';
import type { SharingLog } from './shared-network.ts';

/** RFC 6763: the service's type, without the underscores, which the library adds. */
const TYPE = 'ntl';

/** A goodbye is one packet; whoever cannot send it is not waited for. */
const GOODBYE_MS = 1_000;

export interface Announced {
  port: number;
  /** As the system tells it. */
  hostName: string;
  addresses: readonly OwnAddress[];
}

interface Teller {
  bonjour: BonjourType;
  service: Service;
}

/**
 * Tells each shared network by multicast DNS (RFC 6762) that the gateway is here, as `_ntl._tcp`. One responder for
 * each address, so that a network hears of its own address alone. IPv4 only: the library speaks no other.
 */
export class Announcement {
  readonly #log: SharingLog;
  readonly #tellers = new Map<string, Teller>();
  #told = '';

  constructor(log: SharingLog) {
    this.#log = log;
  }

  /** Announces this and nothing else any more. What is announced already is left as it is. */
  async tell(announced: Announced): Promise<void> {
    const { port, hostName } = announced;
    const told = `${port} ${hostName}`;
    const wanted = announced.addresses.filter(({ family }) => family === 'IPv4');
    const names = new Set(wanted.map(({ address }) => address));
    for (const [address, teller] of this.#tellers) {
      if (told === this.#told && names.has(address)) continue;
      this.#tellers.delete(address);
      await end(teller);
    }
    this.#told = told;
    for (const { address, name } of wanted) {
      if (this.#tellers.has(address)) continue;
      const others = announced.addresses.filter((other) => other.name === name).map((other) => other.address);
      this.#tellers.set(address, await this.#begin(address, others, port, hostName));
    }
  }

  /** Says goodbye (RFC 6762 §10.1), so that nobody goes on believing it is here. */
  async close(): Promise<void> {
    const tellers = [...this.#tellers.values()];
    this.#tellers.clear();
    await Promise.all(tellers.map(end));
  }

  /** @param addresses of the interface; nothing of other networks is told there */
  async #begin(
    address: string,
    addresses: readonly string[],
    port: number,
    hostName: string,
  ): Promise<Teller> {
    const { Bonjour } = await import('bonjour-service');
    const { bare, local } = hostNames(hostName);
    const failed = (error: unknown) => this.#log.error({ err: error }, 'multicast DNS failed');
    // A socket bound to one address hears no multicast on Linux: all are heard, and answered at this one.
    const options = { interface: address, bind: '0.0.0.0' };
    const bonjour = new Bonjour(options as ConstructorParameters<typeof Bonjour>[0], failed);
    errorsOf(bonjour).on('error', failed);
    const service = bonjour.publish({
      name: `NoTokenLimit on ${bare} (${address})`,
      type: TYPE,
      port,
      host: local,
      txt: { path: '/', scheme: 'https' },
    });
    const records = service.records.bind(service);
    // The library tells every address of the computer.
    service.records = () =>
      records().filter(
        (record) =>
          (record.type !== 'A' && record.type !== 'AAAA') || addresses.includes(String(record.data)),
      );
    service.on('error', failed);
    return { bonjour, service };
  }
}

/** Its socket's errors would end the process unheard. The library has no other way to them. */
function errorsOf(bonjour: BonjourType): NodeJS.EventEmitter {
  return (bonjour as unknown as { server: { mdns: NodeJS.EventEmitter } }).server.mdns;
}

function end({ bonjour, service }: Teller): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(leave, GOODBYE_MS);
    let left = false;
    function leave(): void {
      if (left) return;
      left = true;
      clearTimeout(late);
      bonjour.destroy(() => resolve());
    }
    if (service.published) service.stop?.(leave);
    else leave();
  });
}
