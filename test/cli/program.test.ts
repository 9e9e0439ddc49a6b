import { expect, it } from 'vitest';
import { EXAMPLES } from '../../gateway/cli/examples.ts';
import { createProgram } from '../../gateway/cli/program.ts';
import packageFacts from '../../package.json' with { type: 'json' };
import { ntlHere } from './ntl-here.ts';
import { commandsOf, parseOnly } from './parse-only.ts';
import { runNtl, TestFolder } from './run-ntl.ts';

const COMMANDS =
  'serve status pause resume providers models members keys limits blocks plans requests usage alerts changes settings share tunnel billing backups export import';

it('lists its commands', async () => {
  const help = await runNtl(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const name of COMMANDS.split(' ')) expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

it('tells its version', async () => {
  expect(await runNtl(['--version'])).toEqual({ code: 0, stdout: `${packageFacts.version}\n`, stderr: '' });
});

it.concurrent.each([
  [[], 'Usage: ntl'],
  [['frobnicate'], "unknown command 'frobnicate'"],
  [['members', 'frobnicate'], "unknown command 'frobnicate' of members"],
  [['members', 'list', '--colour'], "unknown option '--colour'"],
  [['members', 'list', 'surplus'], "unknown command 'surplus'"],
  [['members', 'remove'], "missing required argument 'member'"],
])('ends with 2 for %j', async (args, message) => {
  const refused = await runNtl(args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain(message);
});

it.concurrent.each(
  'members|keys|providers list|models list|members list|keys list|limits list|blocks list|plans list|requests|usage|alerts|changes|settings'.split(
    '|',
  ),
)('%s says how to start the gateway when it is not running', async (words) => {
  using folder = new TestFolder();
  const refused = await ntlHere([...words.split(' '), '--data-dir', folder.path]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toBe(
    `The gateway is not running on ${folder.path}. Start it with: ntl serve --data-dir ${folder.path}\n`,
  );
});

it('names the npm script where it was started by it', async () => {
  using folder = new TestFolder();
  const env = { npm_lifecycle_event: 'ntl', NTL_DATA_DIR: folder.path };
  const refused = await runNtl(['members', 'list'], { env });
  expect(refused.stderr).toContain(`Start it with: npm run -s ntl -- serve --data-dir ${folder.path}\n`);
});

const EVERY = commandsOf(createProgram());

it.each(EVERY)('%s has examples in its help, and takes them', async (path, command) => {
  let help = '';
  const writeOut = (text: string) => {
    help += text;
  };
  command.configureOutput({ writeOut }).outputHelp();
  expect(help).toMatch(/\nExamples?:\n/);
  for (const example of EXAMPLES[path] ?? []) {
    expect(help).toContain(`\n  ntl ${example}\n`);
    expect(await parseOnly(example)).toBe(path);
  }
});

it('has no example of a command that is not there', () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(EVERY.map(([path]) => path).toSorted());
});
