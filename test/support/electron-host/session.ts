import type { OnBeforeRequestListenerDetails, Session, WebContents, WebRequest } from 'electron';
import { strict } from './strict.ts';

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0];
type BeforeRequest = (
  details: OnBeforeRequestListenerDetails,
  callback: (response: { cancel?: boolean }) => void,
) => void;

/** The default session: its rules, as the app set them. */
export class StandInSession {
  #permission: RequestHandler = null;
  #beforeRequest: BeforeRequest | undefined;

  asElectron(): Session {
    const webRequest = strict<WebRequest>('session.webRequest', {
      onBeforeRequest: (listener: unknown) => {
        this.#beforeRequest = listener as BeforeRequest;
      },
    });
    return strict<Session>('session', {
      webRequest,
      resolveProxy: async () => 'DIRECT',
      setPermissionRequestHandler: (handler) => {
        this.#permission = handler;
      },
      setPermissionCheckHandler: () => undefined,
      setDevicePermissionHandler: () => undefined,
    });
  }

  /** Without a handler everything is allowed, as in Electron. */
  mayHave(permission: string, requestingUrl: string): boolean {
    let granted = this.#permission === null;
    const tell = (answer: boolean) => {
      granted = answer;
    };
    this.#permission?.(null as unknown as WebContents, permission as never, tell, { requestingUrl } as never);
    return granted;
  }

  mayLoad(url: string): boolean {
    let cancelled = false;
    this.#beforeRequest?.({ url } as OnBeforeRequestListenerDetails, ({ cancel = false }) => {
      cancelled = cancel;
    });
    return !cancelled;
  }
}
