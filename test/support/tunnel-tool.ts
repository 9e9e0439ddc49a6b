import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

type ToolName = 'cloudflared' | 'tailscale' | 'ngrok';

/** What the stand-in prints, and whether it then ends by itself. */
interface Plan {
  lines: readonly string[];
  endsWith?: number;
}

/** As cloudflared 2025.8 writes it on standard error, colours off. */
export const CLOUDFLARED_OPENS = [
  '2026-11-26T12:00:00Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out. However, be aware that these account-less Tunnels have no uptime guarantee, are subject to the Cloudflare Online Services Terms of Use (https://www.cloudflare.com/website-terms/), and Cloudflare reserves the right to investigate your use of Tunnels for violations of such terms. If you intend to use Tunnels in production you should use a pre-created named tunnel by following: https://developers.cloudflare.com/cloudflare-one/connections/connect-apps',
  '2026-11-26T12:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...',
  '2026-11-26T12:00:03Z INF +--------------------------------------------------------------------------------------------+',
  '2026-11-26T12:00:03Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |',
  '2026-11-26T12:00:03Z INF |  https://made-up-words-here.trycloudflare.com                                              |',
  '2026-11-26T12:00:03Z INF +--------------------------------------------------------------------------------------------+',
  '2026-11-26T12:00:03Z INF Cannot determine default configuration path. No file [config.yml config.yaml] in [~/.cloudflared ~/.cloudflare-warp ~/cloudflare-warp /etc/cloudflared /usr/local/etc/cloudflared]',
  '2026-11-26T12:00:03Z INF Version 2025.8.1 (Checksum 0000)',
  '2026-11-26T12:00:03Z INF Settings: map[ha-connections:1 no-autoupdate:true protocol:quic url:http://127.0.0.1:40123]',
  '2026-11-26T12:00:04Z INF Registered tunnel connection connIndex=0 connection=00000000-0000-0000-0000-000000000000 event=0 ip=198.41.200.13 location=fra06 protocol=quic',
];

/** As `tailscale funnel` 1.88 writes it on standard output. */
export const TAILSCALE_OPENS = [
  'Available on the internet:',
  '',
  'https://laptop.tail0000.ts.net/',
  '|-- proxy http://127.0.0.1:40123',
  '',
  'Press Ctrl+C to exit.',
];

/** As ngrok 3.30 logs it with `--log stdout --log-format logfmt`. */
export const NGROK_OPENS = [
  't=2026-11-26T12:00:00+0000 lvl=info msg="no configuration paths supplied"',
  't=2026-11-26T12:00:00+0000 lvl=info msg="starting web service" obj=web addr=127.0.0.1:4040 allow_hosts=[]',
  't=2026-11-26T12:00:01+0000 lvl=info msg="client session established" obj=tunnels.session',
  't=2026-11-26T12:00:01+0000 lvl=info msg="started tunnel" obj=tunnels name=command_line addr=http://127.0.0.1:40123 url=https://0000-203-0-113-9.ngrok-free.app',
];

const OPENS: Record<ToolName, readonly string[]> = {
  cloudflared: CLOUDFLARED_OPENS,
  tailscale: TAILSCALE_OPENS,
  ngrok: NGROK_OPENS,
};

/** What a stand-in saw of its start. */
interface Seen {
  pid: number;
  args: string[];
  env: Record<string, string>;
}

/** Stand-ins for tunnel tools, in a folder that is on the PATH of the gateway alone. */
export class TunnelTools {
  readonly folder = mkdtempSync(join(tmpdir(), 'ntl-tunnel-'));

  /** What `GatewayOptions.toolEnvironment` takes. */
  get env(): Record<string, string> {
    return { PATH: `${this.folder}:/usr/bin:/bin`, HOME: this.folder };
  }

  /** Installs one, or changes what it does from its next start on. */
  install(name: ToolName, plan: Partial<Plan> = {}): void {
    const whole: Plan = { lines: OPENS[name], ...plan };
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(whole));
    const script = join(this.folder, name);
    writeFileSync(script, scriptText(name === 'cloudflared' ? 'stderr' : 'stdout'));
    chmodSync(script, 0o755);
  }

  /** Its starts so far. */
  starts(name: ToolName): Seen[] {
    const file = join(this.folder, `${name}.starts`);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  [Symbol.dispose](): void {
    for (const name of ['cloudflared', 'tailscale', 'ngrok'] as const)
      for (const { pid } of this.starts(name)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const isGone = (pid: number) => until(`process ${pid} to be gone`, () => !isAlive(pid));

function scriptText(stream: 'stdout' | 'stderr'): string {
  return `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const { lines, endsWith } = JSON.parse(readFileSync(__filename + '.json', 'utf8'));
const seen = { pid: process.pid, args: process.argv.slice(2), env: process.env };
appendFileSync(__filename + '.starts', JSON.stringify(seen) + '\\n');
process.${stream}.write(lines.map((line) => line + '\\n').join(''));
if (endsWith === undefined) setInterval(() => {}, 1000);
else process.exitCode = endsWith;
`;
}
