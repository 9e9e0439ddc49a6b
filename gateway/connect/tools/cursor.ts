import { isLoopbackAddress } from '../../accounts/addresses.ts';
import { field, terminal } from '../format.ts';
import { KEY_PLACEHOLDER, type Place, presetBase, type Recipe } from '../recipe.ts';

/**
 * https://docs.cursor.com/settings/api-keys. That Cursor's servers call, and refuse private addresses
 * ("ssrf_blocked"), is told in cursor/cursor#2520 and automazeio/vibeproxy#168.
 */
export const cursor: Recipe = {
  id: 'cursor',
  label: 'Cursor',
  group: 'editors',
  speaks: 'Speaks OpenAI style. Set by hand, in its own settings.',
  fields: ['model', 'address'],
  seenAs: ['cursor'],
  notes: (place) => [
    ...(isPublic(place) ? [] : [unreachable(place)]),
    {
      tone: 'info',
      text: 'Who knows the public address can knock at this gateway, and needs a key to get in. The panel and its API refuse what comes through a tunnel.',
    },
    {
      tone: 'info',
      text: 'Use a model name that Cursor does not have itself, such as an alias: a built-in one may go to Cursor’s own account.',
    },
    {
      tone: 'info',
      text: 'Tab completion and some of Cursor’s own features never use your address, and some plans hide the setting.',
    },
  ],
  ways: (place) => [
    {
      id: 'form',
      label: 'In Cursor: Settings, Models, API Keys',
      blocks: [
        ...(isPublic(place) ? [] : [tunnel(place)]),
        field('OpenAI API Key', KEY_PLACEHOLDER),
        field(
          'Override OpenAI Base URL',
          presetBase(isPublic(place) ? place : { ...place, origin: 'https://YOUR-PUBLIC-ADDRESS' }, 'cursor'),
        ),
        field('Add a custom model', place.model),
      ],
    },
  ],
  firstRequest: 'Press Verify beside the key in Cursor, then choose the model and say hello.',
};

function unreachable({ origin }: Place): { tone: 'warn'; text: string } {
  const { hostname } = new URL(origin);
  return {
    tone: 'warn',
    text: `Cursor cannot reach ${hostname}: its servers make the calls, not the app on your desk, and they refuse addresses of this machine and of your network. It needs a public HTTPS address that leads here, such as a tunnel. If that is too much: Cline or Continue in VS Code reach this gateway directly.`,
  };
}

/** https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/do-more-with-tunnels/trycloudflare/ */
function tunnel(place: Place) {
  const title = 'In a terminal, for a public address that holds until you close it';
  return terminal(place, title, {}, 'cloudflared', 'tunnel', '--url', place.origin);
}

function isPublic({ origin }: Place): boolean {
  const { protocol, hostname } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return protocol === 'https:' && !isLoopbackAddress(host) && !isOfOwnNetwork(host);
}

/** RFC 1918, RFC 6762 (`.local`), RFC 4193, RFC 3927; names without a dot are the network's own. */
function isOfOwnNetwork(host: string): boolean {
  if (/^(10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(host)) return true;
  if (/^(f[cd]|fe[89ab])[0-9a-f]*:/i.test(host)) return true;
  return /(^localhost|\.(local|localhost|lan|internal|home\.arpa))$/i.test(host) || !/[.:]/.test(host);
}
