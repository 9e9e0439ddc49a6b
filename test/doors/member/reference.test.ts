import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { ask } from './ask.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const PATHS = [
  '/docs',
  '/docs/',
  '/docs/json',
  '/docs/yaml',
  '/docs/admin.json',
  '/docs/static/swagger-ui.css',
];

describe('the reference under /docs', () => {
  it.each(PATHS)(
    'answers this computer without a key, as a page that loads nothing from elsewhere: %s',
    async (path) => {
      const { status, headers } = await ask(gateway, path, { key: '' });
      expect(status).toBe(200);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it.each(PATHS)('answers nobody else: %s', async (url) => {
    const { app } = gateway.gateway;
    const inject = async (remoteAddress: string, headers: Record<string, string> = {}) => {
      const host = { host: '127.0.0.1:7411' };
      const { statusCode } = await app.inject({ url, remoteAddress, headers: { ...host, ...headers } });
      return statusCode;
    };
    expect(await inject('127.0.0.1')).toBe(200);
    expect(await inject('in-process')).toBe(200);
    expect(await inject('192.168.1.7')).toBe(403);
    expect(await inject('127.0.0.1', { host: 'rebound.example' })).toBe(403);
    expect(await inject('127.0.0.1', { 'x-forwarded-for': '203.0.113.5' })).toBe(403);
  });

  it('describes both APIs, without a secret of either', async () => {
    const members = (await ask(gateway, '/docs/json', { key: '' })).body;
    expect(members.openapi).toBe('3.1.0');
    expect(Object.keys(members.paths)).toEqual(
      expect.arrayContaining([
        '/v1/chat/completions',
        '/v1/messages',
        '/tenant/keys/{id}',
        '/pricing/tokens',
      ]),
    );
    expect(members.paths['/pricing'].get.security).toEqual([]);
    // None of those that serve the page itself.
    expect(Object.keys(members.paths).filter((path) => path.startsWith('/docs'))).toEqual([]);
    const owners = (await ask(gateway, '/docs/admin.json', { key: '' })).body;
    expect(owners).toEqual((await gateway.admin('GET', '/openapi.json')).body);
  });
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('shows the routes, tries one with a key typed in, and breaks no policy', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:'))
        elsewhere.push(request.url());
    });
    await page.goto(`${gateway.url}/docs`);
    const credits = page.locator('.opblock', { hasText: '/tenant/credits' });
    await credits.waitFor();
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.modal-ux input').first().fill(gateway.key);
    await page.locator('.modal-ux').getByRole('button', { name: 'Apply credentials' }).first().click();
    await page.locator('.modal-ux').getByRole('button', { name: 'Close' }).first().click();
    await credits.locator('.opblock-summary-control').click();
    await credits.getByRole('button', { name: 'Try it out' }).click();
    await credits.getByRole('button', { name: 'Execute' }).click();
    await credits.locator('.live-responses-table').getByText('balance_micros').waitFor();
    await page.locator('.topbar select').selectOption({ label: "The owner's API" });
    await page.locator('.opblock', { hasText: '/admin/api/members' }).first().waitFor();
    expect(errors).toEqual([]);
    expect(elsewhere).toEqual([]);
  });
});
