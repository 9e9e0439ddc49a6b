import type { Tunnel } from '../../gateway/doors/admin/contract.ts';
import { comingMoment } from '../format.ts';

/** How long a tunnel may stay open, as the panel offers it. */
export const HOURS = [
  { value: '1', label: '1 hour' },
  { value: '8', label: '8 hours' },
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
];

/** What is left until then, such as `7 h 12 min`; nothing less than a minute. */
export function leftWords(endsAt: string, now = Date.now()): string {
  const minutes = Math.max(1, Math.ceil((Date.parse(endsAt) - now) / 60_000));
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** How it stands, in a sentence. */
export function stateWords({ state, tool, tools, endsAt, message }: Tunnel): string {
  const name = tools.find(({ id }) => id === tool)?.label ?? '';
  switch (state) {
    case 'off':
      return message === null ? 'No tunnel is open.' : `No tunnel is open. ${message}`;
    case 'opening':
      return `${name} opens it. ${message ?? 'That takes some seconds.'}`;
    case 'waiting':
      return `${name} ended and is started again. ${message ?? ''}`.trim();
    case 'failed':
      return `${name} could not open it. ${message ?? ''}`.trim();
    case 'open':
      return endsAt === null
        ? ''
        : `Open for ${leftWords(endsAt)} more, until ${comingMoment(endsAt)}, by ${name}.`;
  }
}
