import type { Alert, Key } from '../../../gateway/doors/admin/contract.ts';
import type { Tone } from '../../components/status.tsx';
import { possessive } from '../../people/member-words.ts';

export interface AlertWords {
  title: string;
  /** The gateway's own words. */
  message: string;
  tone: Tone;
}

export interface AlertSubject {
  memberName: string | undefined;
  key: Pick<Key, 'name'> | undefined;
}

const TONES: Record<Alert['kind'], Tone> = {
  new_address: 'warn',
  refused_keys: 'warn',
  unusual_volume: 'warn',
  provider_failing: 'bad',
  provider_credential: 'bad',
  key_expiring: 'warn',
  tunnel: 'bad',
  billing: 'warn',
};

/** What an alert is about in one line, and what the gateway said of it. */
export function alertWords(alert: Alert, subject: AlertSubject): AlertWords {
  return { title: titleOf(alert, subject), message: alert.message, tone: TONES[alert.kind] };
}

function titleOf({ kind, address, message }: Alert, subject: AlertSubject): string {
  switch (kind) {
    case 'new_address':
      return `${keyWords(subject)} on a new address`;
    case 'unusual_volume':
      return `${keyWords(subject)} sends far more than usual`;
    case 'refused_keys':
      return isThisComputer(address)
        ? 'A program on this computer tries wrong keys'
        : `${address ?? 'An address'} tried many wrong keys`;
    case 'key_expiring':
      return `${keyWords(subject)} expires soon`;
    case 'provider_credential':
      return `${/^(.+?) refused the stored credential/.exec(message)?.[1] ?? 'A provider'} refuses its credential`;
    case 'tunnel':
      return /^The tunnel was closed/.test(message)
        ? 'The public tunnel was closed'
        : 'The public tunnel is in trouble';
    case 'billing':
      return 'A payment needs a look';
    case 'provider_failing':
      // Its name stands in the message alone.
      return `${/^Provider (.+?) keeps failing/.exec(message)?.[1] ?? 'A provider'} keeps failing`;
  }
}

function keyWords({ memberName, key }: AlertSubject): string {
  const named = key === undefined ? 'key' : `key “${key.name}”`;
  return memberName === undefined ? `The ${named}` : `${possessive(memberName)} ${named}`;
}

/** It is never blocked by itself, and blocking it would shut out the owner's own tools. */
export function isThisComputer(address: string | null): boolean {
  return address === null || address === 'in-process' || address.startsWith('127.') || address === '::1';
}
