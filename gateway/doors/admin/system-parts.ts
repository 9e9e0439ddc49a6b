import type { DesktopAdapter } from '../../desktop-adapter.ts';
import type { FirstKey } from '../../first-start.ts';
import type { Listening } from '../../listening.ts';
import type { OwnerAccess } from '../../sharing/owner/owner-access.ts';
import type { Sharing } from '../../sharing/sharing.ts';
import type { Tunnel } from '../../tunnel/tunnel.ts';
import type { OllamaPort } from '../ollama/own-port.ts';

/** What the admin door needs of the gateway around the parts. */
export interface SystemParts {
  dataDir: string;
  firstKey: FirstKey;
  listening: Pick<Listening, 'address' | 'move'>;
  sharing: Sharing;
  access: OwnerAccess;
  /** The way in from outside, while the owner has opened it. */
  tunnel: Pick<Tunnel, 'status' | 'tools' | 'start' | 'stop'>;
  /** Where Ollama's API answers besides, while the owner has it so. */
  ollamaPort: Pick<OllamaPort, 'url' | 'problem' | 'follow'>;
  /** The gateway listens at another port now. */
  onMoved: () => void;
  /** Null where the gateway runs headless. */
  desktop: DesktopAdapter | null;
  /** Starts the gateway again in this process; null where its host cannot. */
  restart: (() => void) | null;
}
