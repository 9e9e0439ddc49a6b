import type { AnswerHeader } from './tunnel-clients.ts';

/** A program that opens a tunnel, and what there is to know of it. */
export interface TunnelTool {
  id: 'cloudflared' | 'tailscale' | 'ngrok';
  label: string;
  /** What it is called on the PATH. */
  program: string;
  /** @param origin where the tunnel leads, such as `http://127.0.0.1:40123` */
  args(origin: string, port: number): readonly string[];
  /** The header in which the tool's own server says who calls. It overwrites or appends to what a caller sends. */
  clientHeader: AnswerHeader;
  /** Reads one line of its output. */
  read(line: string): ToolWord | null;
}

/** What a line said: the public address, or trouble in words for people. */
export type ToolWord = { address: string } | { trouble: string };

/** Longer lines are cut: they are shown to people. */
const LONGEST = 300;

/**
 * `cloudflared tunnel --url` (quick tunnel), as of cloudflared 2025.8: log lines on standard error, in which the
 * address stands in a box; `api.trycloudflare.com` is where it asks for one, and stands in its errors.
 * https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/do-more-with-tunnels/trycloudflare/
 */
const cloudflared: TunnelTool = {
  id: 'cloudflared',
  label: 'cloudflared',
  program: 'cloudflared',
  args: (origin) => ['tunnel', '--url', origin, '--no-autoupdate'],
  clientHeader: 'cf-connecting-ip',
  read(line) {
    const address = /https:\/\/(?!api\.)[a-z0-9-]{1,63}\.trycloudflare\.com(?![\w.-])/.exec(line)?.[0];
    if (address !== undefined) return { address };
    const trouble = /^(?:\S+ )?(?:ERR|FTL) (.*)$/.exec(line)?.[1];
    if (trouble !== undefined) return { trouble: cut(trouble) };
    // Before its log begins, as with a flag it does not know.
    return /^(failed|error|incorrect usage)/i.test(line) ? { trouble: cut(line) } : null;
  },
};

/**
 * `tailscale funnel PORT` in the foreground, as of Tailscale 1.88: "Available on the internet:", then the address on a
 * line of its own. Where Funnel is not allowed yet it says so and where to allow it, and waits.
 * https://tailscale.com/kb/1311/tailscale-funnel
 */
const tailscale: TunnelTool = {
  id: 'tailscale',
  label: 'Tailscale Funnel',
  program: 'tailscale',
  args: (_origin, port) => ['funnel', '--yes', String(port)],
  clientHeader: 'x-forwarded-for',
  read(line) {
    const address = /^https:\/\/[a-z0-9.-]{1,200}\.ts\.net(?::\d{1,5})?(?=\/?$)/.exec(line.trim())?.[0];
    if (address !== undefined) return { address };
    const isTrouble =
      /not enabled|denied|not logged in|is stopped|^error|failed|https:\/\/login\.tailscale\.com\//i;
    return isTrouble.test(line) ? { trouble: cut(line) } : null;
  },
};

/**
 * `ngrok http`, as of ngrok 3.30, with its log on standard output in logfmt: `msg="started tunnel" … url=https://…`.
 * https://ngrok.com/docs/agent/cli/#ngrok-http
 */
const ngrok: TunnelTool = {
  id: 'ngrok',
  label: 'ngrok',
  program: 'ngrok',
  args: (origin) => ['http', origin, '--log', 'stdout', '--log-format', 'logfmt'],
  clientHeader: 'x-forwarded-for',
  read(line) {
    const started = /msg="started tunnel"/.test(line);
    const address = started ? /\burl=(https:\/\/[a-z0-9.-]{1,200})(?=\s|$)/.exec(line)?.[1] : undefined;
    if (address !== undefined) return { address };
    if (/^ERROR: */.test(line)) return { trouble: cut(line.replace(/^ERROR: */, '')) };
    if (!/\blvl=(eror|crit)\b/.test(line)) return null;
    return { trouble: cut(/\berr="([^"]{1,300})/.exec(line)?.[1] ?? line) };
  },
};

export const TUNNEL_TOOLS: readonly TunnelTool[] = [cloudflared, tailscale, ngrok];

function cut(text: string): string {
  return text.replaceAll('\\n', ' ').replaceAll('\\r', '').trim().slice(0, LONGEST);
}
