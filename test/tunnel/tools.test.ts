import { expect, it } from 'vitest';
import { environmentFor } from '../../gateway/tunnel/run-tool.ts';
import { TUNNEL_TOOLS } from '../../gateway/tunnel/tools.ts';
import { tunnelClient } from '../../gateway/tunnel/tunnel-clients.ts';
import { CLOUDFLARED_OPENS, NGROK_OPENS, TAILSCALE_OPENS } from '../support/tunnel-tool.ts';

const words = (id: string, lines: readonly string[]) => {
  const tool = TUNNEL_TOOLS.find((one) => one.id === id);
  return lines.map((line) => tool?.read(line)).filter((word) => word !== null);
};

it.each([
  ['cloudflared', CLOUDFLARED_OPENS, 'https://made-up-words-here.trycloudflare.com'],
  ['tailscale', TAILSCALE_OPENS, 'https://laptop.tail0000.ts.net'],
  ['ngrok', NGROK_OPENS, 'https://0000-203-0-113-9.ngrok-free.app'],
])('reads the address of %s, once', (id, lines, address) => {
  expect(words(id, lines)).toEqual([{ address }]);
});

it.each([
  [
    'cloudflared',
    '2026-11-26T12:00:00Z ERR Error unmarshaling QuickTunnel response: error code: 1015 error="invalid character"',
    /QuickTunnel response/,
  ],
  [
    'cloudflared',
    'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: lookup api.trycloudflare.com: no such host',
    /failed to request quick Tunnel/,
  ],
  ['tailscale', 'Funnel is not enabled on your tailnet.', /not enabled/],
  ['tailscale', '         https://login.tailscale.com/f/funnel?node=abc', /login\.tailscale\.com/],
  ['tailscale', 'Tailscale is stopped.', /stopped/],
  ['tailscale', 'Access denied: serve config denied', /denied/],
  [
    'ngrok',
    't=2026-11-26T12:00:00+0000 lvl=eror msg="session closing" obj=tunnels.session err="authentication failed: Usage of ngrok requires a verified account and authtoken.\\n\\nERR_NGROK_4018\\r\\n"',
    /^authentication failed: .*ERR_NGROK_4018$/,
  ],
  [
    'ngrok',
    'ERROR:  authentication failed: The authtoken you specified is invalid.',
    /^authentication failed/,
  ],
])('reads the trouble of %s: %s', (id, line, message) => {
  expect(words(id, [line])).toEqual([{ trouble: expect.stringMatching(message) }]);
});

it.each([
  ['cloudflared', '2026-11-26T12:00:00Z INF |  https://made-up.trycloudflare.com.evil.example  |'],
  ['cloudflared', '2026-11-26T12:00:00Z INF https://www.cloudflare.com/website-terms/'],
  ['tailscale', 'https://evil.example/'],
  ['ngrok', 't=2026 lvl=info msg="join connections" url=https://evil.example'],
])('takes no other address of %s for its own: %s', (id, line) => {
  expect(words(id, [line])).toEqual([]);
});

it('a tool is given what it needs to find its settings, and nothing of ours', () => {
  expect(
    environmentFor({
      ...{ PATH: '/bin', HOME: '/home/mia', LC_ALL: 'C', XDG_CONFIG_HOME: '/x', NTL_VAULT_PASSPHRASE: 's' },
      ...{ OPENAI_API_KEY: 's', ANTHROPIC_AUTH_TOKEN: 's', AWS_SECRET_ACCESS_KEY: 's', NODE_OPTIONS: '-r x' },
      ...{ HTTPS_PROXY: 'http://proxy.example:3128', HTTP_PROXY: 'http://mia:secret@proxy.example:3128' },
    }),
  ).toEqual({
    ...{ PATH: '/bin', HOME: '/home/mia', LC_ALL: 'C', XDG_CONFIG_HOME: '/x' },
    HTTPS_PROXY: 'http://proxy.example:3128',
  });
});

it.each([
  [{ 'cf-connecting-ip': '203.0.113.9' }, 'cf-connecting-ip', '203.0.113.9'],
  [{ 'cf-connecting-ip': '2001:DB8::9' }, 'cf-connecting-ip', '2001:db8::9'],
  [{ 'x-forwarded-for': '198.51.100.1, 203.0.113.9' }, 'x-forwarded-for', '203.0.113.9'],
] as const)('the caller of %o by %s is %s', (headers, header, address) => {
  expect(tunnelClient({ headers }, header)).toBe(address);
});

it.each([
  {},
  { 'x-forwarded-for': '203.0.113.9' },
  { 'cf-connecting-ip': '127.0.0.1' },
  { 'cf-connecting-ip': '::1' },
  { 'cf-connecting-ip': 'in-process' },
  { 'cf-connecting-ip': '' },
])('a request with %o did not come through cloudflared', (headers) => {
  expect(() => tunnelClient({ headers }, 'cf-connecting-ip')).toThrow('This door is for what comes through');
});
