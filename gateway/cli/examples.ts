import type { Command } from 'commander';
import { commandName } from './command-line.ts';

/** What people may type first, by command. Every command has at least one. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  serve: ['serve --port 8080'],
  status: ['status', 'status --json'],
  pause: ['pause'],
  resume: ['resume'],
  connect: ['connect', 'connect claude-code', 'connect codex --model gpt-5.2 --yes'],
  disconnect: ['disconnect claude-code'],
  run: ['run claude', 'run codex --model gpt-5.2 -- exec "say hello"'],
  'providers list': ['providers list'],
  'providers kinds': ['providers kinds'],
  'providers add': [
    'providers add openai --models all',
    'providers add openai-compatible --name Lab --base-url http://10.0.0.5:8000/v1 --no-credential',
  ],
  'providers update': ['providers update OpenAI --new-credential', 'providers update Lab --disable'],
  'providers remove': ['providers remove Lab'],
  'providers test': ['providers test OpenAI'],
  'providers models': ['providers models OpenAI --publish gpt-4o,gpt-4o-mini'],
  'models list': ['models list'],
  'models show': ['models show gpt-4o'],
  'models add': ['models add fast --target OpenAI:gpt-4o-mini --target Groq:llama-3.1-8b-instant,priority=1'],
  'models update': [
    'models update quota/fast --alias-of gpt-4o-mini',
    'models update gpt-4o --price-input 2.50 --price-output 10',
    'models update local --context-window 32k --max-output 8k --modalities text,image',
  ],
  'models remove': ['models remove fast'],
  'members list': ['members list'],
  'members add': ['members add Ada --plan pro --allow-models gpt-4o,gpt-4o-mini'],
  'members update': ['members update Ada --allow-models all'],
  'members suspend': ['members suspend Ada'],
  'members activate': ['members activate Ada'],
  'members grant': ['members grant Ada --tokens 2M --note "for November"'],
  'members ledger': ['members ledger Ada'],
  'members remove': ['members remove Ada'],
  'keys list': ['keys list --member Ada'],
  'keys create': ['keys create "my editor"', 'keys create laptop --member Ada --expires 90d'],
  'keys revoke': ['keys revoke ntl_live_Ab12Cd'],
  'limits list': ['limits list'],
  'limits show': ['limits show Ada'],
  'limits set': ['limits set member Ada tokens day 100k', 'limits set plan pro cost month 25 --model gpt-4o'],
  'limits remove': ['limits remove member Ada tokens day'],
  quotas: ['quotas', 'quotas gpt-4o --member Ada'],
  'blocks list': ['blocks list'],
  'blocks add': ['blocks add 203.0.113.7 --reason "guesses keys" --expires 24h'],
  'blocks remove': ['blocks remove 203.0.113.7'],
  'plans list': ['plans list'],
  'plans add': ['plans add team --name Team --requests-per-minute 300 --history-days 90 --price 9.50'],
  'plans update': ['plans update team --requests-per-minute none'],
  requests: ['requests --status refused --since 1h', 'requests --member Ada --follow'],
  'requests show': ['requests show 42', 'requests show 019a9c5e-7d3b-7c41-9f0e-2b6a4d8c1e57'],
  'requests export': ['requests export --format csv --since 30d --out requests.csv'],
  usage: ['usage --by day,member --since 7d', 'usage --by provider,model'],
  'alerts list': ['alerts --unseen --mark-seen'],
  'alerts answer': ['alerts answer 12 block', 'alerts answer 12 fine'],
  'alerts undo': ['alerts undo 12'],
  'alerts delete': ['alerts delete 12'],
  'alerts webhook': ['alerts webhook https://hooks.example.com/alerts --test', 'alerts webhook off'],
  'tunnel status': ['tunnel'],
  'tunnel start': ['tunnel start', 'tunnel start --tool ngrok --hours 2'],
  'tunnel stop': ['tunnel stop'],
  'tunnel allow': ['tunnel allow cursor'],
  'tunnel refuse': ['tunnel refuse cursor'],
  changes: ['changes --since 7d'],
  settings: ['settings', 'settings default-model gpt-4o', 'settings retention-days 90'],
  'share status': ['share'],
  'share on': ['share on', 'share on --address 192.168.1.5 --port 8443'],
  'share off': ['share off'],
  'share password': ['share password'],
  'share ca': ['share ca --file notokenlimit-ca.crt'],
  'billing show': ['billing'],
  'billing set': [
    'billing set --new-key',
    'billing set --public-url https://ai.example.com --new-webhook-secret',
  ],
  'billing test': ['billing test'],
  'billing payments': ['billing payments --member Ada'],
  'billing look': ['billing look 42'],
  'billing remove': ['billing remove'],
  export: ['export team.jsonl', 'export team.jsonl --audit'],
  import: ['import team.jsonl', 'import team.jsonl --replace'],
  'backups list': ['backups list'],
  'backups create': ['backups create'],
  'backups restore': ['backups restore 20261121T061000.123Z'],
};

/** Puts its examples below the help of each command. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const examples = EXAMPLES[path.join(' ')];
  if (examples !== undefined) {
    const lines = examples.map((words) => `  ${commandName()} ${words}`);
    command.addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
  }
  for (const child of command.commands) addExamples(child, [...path, child.name()]);
}
