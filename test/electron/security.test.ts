import { describe, expect, test } from 'vitest';
import { PANEL_URL } from '../../electron/panel-protocol.ts';
import { confineSession, isPanel, WINDOW_PREFERENCES } from '../../electron/security.ts';

test.each([
  [PANEL_URL, true],
  ['app://panel/admin/api/status', true],
  ['app://panel', true],
  ['app://panel.example/', false],
  ['app://other/', false],
  ['https://panel/', false],
  ['file:///etc/passwd', false],
  ['about:blank', false],
  ['', false],
])('%s is a page of the panel: %s', (url, expected) => {
  expect(isPanel(url)).toBe(expected);
});

test('the window has no power of Node and no preload script', () => {
  expect(WINDOW_PREFERENCES).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(WINDOW_PREFERENCES).not.toHaveProperty('preload');
});

describe('the session', () => {
  /** What the rules say, as Electron asks them. */
  function rules() {
    let request: (...given: unknown[]) => void = () => undefined;
    let check: (...given: unknown[]) => boolean = () => true;
    let device: () => boolean = () => true;
    let load: (...given: unknown[]) => void = () => undefined;
    confineSession({
      setPermissionRequestHandler: (handler: typeof request) => {
        request = handler;
      },
      setPermissionCheckHandler: (handler: typeof check) => {
        check = handler;
      },
      setDevicePermissionHandler: (handler: typeof device) => {
        device = handler;
      },
      webRequest: {
        onBeforeRequest: (listener: typeof load) => {
          load = listener;
        },
      },
    } as never);
    const told = (ask: (tell: (answer: unknown) => void) => void) => {
      let answer: unknown;
      ask((given) => {
        answer = given;
      });
      return answer;
    };
    return {
      requested: (permission: string, requestingUrl: string) =>
        told((tell) => request(null, permission, tell, { requestingUrl })),
      checked: (permission: string, origin: string) => check(null, permission, origin),
      device: () => device(),
      loads: (url: string) =>
        told((tell) => load({ url }, ({ cancel }: { cancel: boolean }) => tell(!cancel))),
    };
  }

  test('lets the panel write to the clipboard, and nobody do anything else', () => {
    const { requested, checked, device } = rules();
    expect(requested('clipboard-sanitized-write', PANEL_URL)).toBe(true);
    expect(checked('clipboard-sanitized-write', 'app://panel')).toBe(true);
    expect(requested('clipboard-sanitized-write', 'https://example.com/')).toBe(false);
    for (const permission of ['clipboard-read', 'notifications', 'media', 'geolocation', 'openExternal']) {
      expect(requested(permission, PANEL_URL), permission).toBe(false);
      expect(checked(permission, 'app://panel'), permission).toBe(false);
    }
    expect(device()).toBe(false);
  });

  test.each([
    [`${PANEL_URL}assets/index.js`, true],
    ['blob:app://panel/5d0c', true],
    ['data:image/png;base64,AAAA', true],
    ['https://example.com/', false],
    ['http://127.0.0.1:7411/', false],
    ['file:///etc/passwd', false],
    ['app://elsewhere/', false],
    ['', false],
  ])('loads %s: %s', (url, expected) => {
    expect(rules().loads(url)).toBe(expected);
  });
});
