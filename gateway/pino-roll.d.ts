declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';
  import type { DestinationStream } from 'pino';

  interface RollOptions {
    file: string;
    /** Size of one file, such as `5m`. */
    size?: string;
    limit?: { count: number };
    /** Bytes that may wait to be written; further lines are dropped. */
    maxLength?: number;
    mkdir?: boolean;
    mode?: number;
  }

  export default function roll(
    options: RollOptions,
  ): Promise<DestinationStream & EventEmitter & { end(): void; destroy(): void }>;
}
