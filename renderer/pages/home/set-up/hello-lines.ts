import { KEY_PLACEHOLDER } from '../../../api/key-placeholder.ts';

export type Shell = 'posix' | 'powershell';

/** @param platform as `navigator.platform` tells it */
export function shellOf(platform: string): Shell {
  return platform.startsWith('Win') ? 'powershell' : 'posix';
}

const BODY = '{"model":"ntl/echo","messages":[{"role":"user","content":"hello"}]}';

/**
 * Lines for a terminal that ask the built-in model.
 * @param url where the gateway listens
 * @param key null where it does not show: something stands in its place then
 */
export function helloLines(url: string, key: string | null, shell: Shell): string {
  const endpoint = `${url}/api/v1/chat/completions`;
  const shown = key ?? KEY_PLACEHOLDER;
  if (shell === 'powershell') {
    return [
      `$env:NTL_KEY = "${shown}"`,
      `Invoke-RestMethod ${endpoint} -Method Post \``,
      '  -Headers @{ Authorization = "Bearer $env:NTL_KEY" } -ContentType application/json `',
      `  -Body '${BODY}'`,
    ].join('\n');
  }
  return [
    `export NTL_KEY=${shown}`,
    `curl ${endpoint} \\`,
    '  -H "Authorization: Bearer $NTL_KEY" -H "Content-Type: application/json" \\',
    `  -d '${BODY}'`,
  ].join('\n');
}
