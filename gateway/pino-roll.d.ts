declare module 'pino-roll' {
  import type { SonicBoom } from 'sonic-boom';

  interface RollOptions {
    file: string;
    /** Size of one file, such as `5m`. */
    size?: string;
    limit?: { count: number };
    mkdir?: boolean;
    mode?: number;
  }

  export default function roll(options: RollOptions): Promise<SonicBoom>;
}
