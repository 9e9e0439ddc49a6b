import { isLoopback } from '../../providers/dispatcher.ts';

const LONGEST = 2_000;

/**
 * Reads an address that an owner typed for messages.
 * @returns the address as it is used, or what is wrong with it; never the text itself, which may hold a token
 */
export function webhookUrl(text: string): { url: string } | { wrong: string } {
  const url = URL.parse(text.trim());
  if (url === null || text.length > LONGEST)
    return { wrong: 'Write an address such as https://hooks.example.com/alerts.' };
  if (url.username !== '' || url.password !== '')
    return { wrong: 'The address must have no user and password; messages are signed instead.' };
  const plain = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !plain)
    return { wrong: 'The address must begin with https://; http:// is for this computer alone.' };
  url.hash = '';
  return { url: url.href };
}
