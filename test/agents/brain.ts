/** The scripted model: it writes the files with the agent's own tool, then says so. */
import { isObject } from '../support/provider/refusal.ts';
import { type Reply, reply } from '../support/provider/reply.ts';
import type { RecordedRequest } from '../support/provider/request.ts';
import type { Part, ScriptedCall, ScriptedUsage } from '../support/provider/turn.ts';
import { type Asked, type AskedTool, asked } from './asked.ts';
import { CLOSING, type Errand } from './errand.ts';
import { fillObject, programFor } from './fill.ts';

export interface Brain {
  answer(request: RecordedRequest): Reply;
  /** Names of the tools it called, as the provider was told them. */
  readonly called: readonly string[];
}

/** Whole tool names without case and underscores; those that write a file first, a shell last. */
const WRITERS = [
  /^(write|writefile|writetofile|createfile|createnewfile|create)$/,
  /^(editor|edit)$/,
  /^applypatch$/,
  // Codex runs JavaScript that calls its other tools, for models it calls `code_mode_only`.
  /^exec$/,
  /^(bash|shell|shellcommand|execcommand|runcommands?|runterminalcommand|runshellcommand|execute|executecommand)$/,
];

const USAGE: ScriptedUsage = { input: 1_200, output: 60, cached: 800, reasoning: 20 };
/** Cuts through events, lines and characters of more than one byte. */
const PIECE_BYTES = 61;

/** @param turns the files to write in each turn; where calls may not be parallel, it takes more turns */
export function startBrain(turns: readonly (readonly Errand[])[]): Brain {
  const called: string[] = [];
  const left = [...turns];
  const nextErrands = (parallel: boolean): readonly Errand[] => {
    const [first, ...others] = left.shift() ?? [];
    if (first === undefined || parallel) return first === undefined ? [] : [first, ...others];
    if (others.length > 0) left.unshift(others);
    return [first];
  };
  const partsFor = (wanted: Asked): Part[] => {
    const writer = writerOf(wanted.tools);
    const belongs = called.length === 0 || wanted.answersTools;
    if (writer === undefined || !belongs) return [aside(wanted)];
    const errands = nextErrands(wanted.parallel);
    if (errands.length === 0) return [said(CLOSING)];
    called.push(...errands.map(() => writer.name));
    return [
      ...thought(wanted, `To write 💭: ${errands.map(({ path }) => path).join(', ')}`),
      said('I will write 📝.'),
      ...errands.map((errand) => callOf(writer, errand)),
    ];
  };
  return {
    called,
    answer({ path, json }) {
      if (path.endsWith('/count_tokens')) return reply.text('', { usage: USAGE });
      const parts = partsFor(asked(path, isObject(json) ? json : {}));
      return reply.split(reply.parts(parts, { usage: USAGE }), PIECE_BYTES);
    },
  };
}

function writerOf(tools: readonly AskedTool[]): AskedTool | undefined {
  return WRITERS.map((pattern) => tools.find(({ name }) => pattern.test(plainName(name)))).find(
    (tool) => tool !== undefined,
  );
}

/** Without the group that a gateway may have put before it. */
function plainName(name: string): string {
  return name.replace(/^.*__/, '').toLowerCase().replaceAll(/[_-]/g, '');
}

function callOf({ name, namespace, custom, schema }: AskedTool, errand: Errand): Part {
  const program = programFor(plainName(name), errand);
  const input: ScriptedCall['input'] = custom ? program : fillObject(schema, { ...errand, program });
  return { type: 'tool_call', name, custom, input, ...(namespace === undefined ? {} : { namespace }) };
}

function thought({ thinks }: Asked, text: string): Part[] {
  return thinks ? [{ type: 'thinking', text }] : [];
}

/** Streamed in small pieces. */
function said(text: string): Part {
  return { type: 'text', text: text.match(/.{1,4}/gsu) ?? [] };
}

/** Titles, summaries and the like: requests beside the task. */
function aside({ format }: Asked): Part {
  if (format === undefined) return said('Write three files');
  return said(JSON.stringify(fillObject(format, { path: 'hello.txt', content: 'Hello', program: '' })));
}
