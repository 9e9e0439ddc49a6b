/** Names that members, callers and providers choose, where people read them: the log, the terminal, a spreadsheet. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from '../../gateway/log.ts';
import { runNtl, TestFolder } from '../cli/run-ntl.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

/** Clears the screen, sets the title, turns the text around, ends a line of a log and begins another. */
const HOSTILE =
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\r\n{"level":30,"time":1,"msg":"forged"}\u2028\u0000';
const FORMULAS = [
  '=HYPERLINK("http://evil.example")',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  '|calc',
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ logLevel: 'debug' });
  await using provider = await startProvider();
  await gateway.publish(provider, ['gpt-4o']);
  const messages = [{ role: 'user', content: 'hi' }];
  for (const model of [HOSTILE, ...FORMULAS]) {
    await gateway.post(
      '/v1/chat/completions',
      { model, messages },
      { headers: { 'user-agent': `${encodeURI(model)} ` } },
    );
  }
  provider.script(reply.status(500, { message: HOSTILE }), reply.status(400, { message: HOSTILE }));
  for (let count = 0; count < 4; count += 1)
    await gateway.post('/v1/chat/completions', { model: 'gpt-4o', messages });
  await gateway.admin('POST', '/members', { name: HOSTILE, email: null });
  await gateway.admin('POST', '/members', { name: 'A\u001b[2JB' });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** But for line ends and blanks. */
const steers = (text: string) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text.replaceAll(/[\n\t]/g, ''));

function logLines(dataDir: string): string[] {
  const folder = join(dataDir, 'logs');
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'),
  );
}

it('the log has one JSON object a line, and none that somebody else wrote', () => {
  const lines = logLines(gateway.dataDir);
  for (const line of lines) {
    expect(JSON.parse(line).msg).not.toBe('forged');
    expect(steers(line), line).toBe(false);
    expect(line).not.toContain('owned');
  }
});

it('an error in the log has its name and places, and nothing of its message', async () => {
  using folder = new TestFolder();
  const { log, close } = await openLog(folder.path, 'info');
  const quoting = new TypeError('Bad request:\n    at prompt (of a caller)\n  at the end', {
    cause: new Error('at prompt\n at prompt'),
  });
  log.error({ err: quoting }, 'failed');
  await close();
  const [line = '{}'] = logLines(folder.path);
  expect(line).not.toContain('prompt');
  expect(JSON.parse(line).err).toMatchObject({
    type: 'TypeError',
    stack: expect.stringContaining('hostile-names.test.ts'),
  });
});

it.each([
  ['requests'],
  ['requests', 'show', 'LATEST'],
  ['members'],
  ['changes'],
  ['alerts'],
  ['providers'],
  ['usage'],
  ['models'],
])('ntl %s steers no terminal', async (...words) => {
  const [row] = await gateway.rows();
  const args = words.map((word) => (word === 'LATEST' ? row.requestId : word));
  const { code, stdout, stderr } = await runNtl([...args, '--data-dir', gateway.dataDir]);
  expect(code, stderr).toBe(0);
  expect(steers(stdout + stderr)).toBe(false);
});

it('an export has no formulas, and as many lines as rows', async () => {
  const answer = await gateway.admin('GET', '/requests?format=csv');
  const rows = await gateway.rows();
  const text = String(answer.body);
  const cells = cellsOf(text);
  expect(cells).toHaveLength(rows.length + 1);
  for (const cell of cells.flat()) expect(cell).not.toMatch(/^\s*[=+@|＝＋－＠]|^[\t\r]|^-(?!\d+(\.\d+)?$)/);
  expect(cells.flat()).toContain(`'${FORMULAS[0]}`);
});

/** Reads RFC 4180. */
function cellsOf(csv: string): string[][] {
  return csv
    .trimEnd()
    .split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}
