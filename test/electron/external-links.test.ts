import { expect, test } from 'vitest';
import { isOpenedOutside } from '../../electron/external-links.ts';

test.each([
  ['https://platform.openai.com/api-keys', true],
  ['https://example.com:8443/?a=b#c', true],
  ['http://example.com/', false],
  ['https://user@example.com/', false],
  ['https://user:word@example.com/', false],
  ['file:///etc/passwd', false],
  ['smb://host/share', false],
  ['ms-msdt:/id', false],
  ['mailto:a@example.com', false],
  ['javascript:alert(1)', false],
  ['app://panel/panel/', false],
  ['https:', false],
  ['', false],
])('%s opens in the browser of the system: %s', (url, expected) => {
  expect(isOpenedOutside(url)).toBe(expected);
});
