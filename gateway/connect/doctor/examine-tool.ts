/** One tool: what its settings say now, whoever wrote them, tried as the tool would. */
import { KEY_PLACEHOLDER } from '../recipe.ts';
import type { Machine } from '../setup/machine.ts';
import type { Records, ToolRecord } from '../setup/records.ts';
import type { ToolSetup } from '../setup/tool-setup.ts';
import { isLoopback } from './address.ts';
import { askModel, type Reached } from './call.ts';
import { changesSince } from './changes-since.ts';
import { examineAddress, isMeant, type Way } from './examine-address.ts';
import { examineKey } from './examine-key.ts';
import { bad, connectAgain, type Finding, ok, warn } from './finding.ts';
import type { GatewayView } from './gateway-view.ts';
import { type ReadSettings, readSettings } from './read-settings.ts';
import type { ToldAddress, ToldKey } from './told.ts';

const ECHO = 'ntl/echo';

/** Their settings list every model there is. */
const CHOOSES = new Set(['continue', 'droid']);

export interface Examination {
  machine: Machine;
  records: Records;
  view: GatewayView;
  /** What is asked for one token: nothing, the built-in echo, or the tool's own model. */
  tries: 'nothing' | 'echo' | 'model';
}

/**
 * @param name as sentences begin with it
 * @returns none for a tool that has nothing to do with this gateway
 */
export async function examineTool(
  examination: Examination,
  setup: ToolSetup,
  name: string = setup.id,
): Promise<Finding[]> {
  const { machine, records, view } = examination;
  const tool = setup.id;
  const subject = { name, tool };
  const record = records.get(tool);
  const read = readSettings(machine, setup);
  const origins = record === null ? [] : [record.origin];
  const keys = distinctKeys(read.keys);
  const meant = read.addresses.filter((one) => isMeant(one, view, origins));
  // With a key of ours beside it, an address of this computer was meant to lead here.
  const addresses =
    meant.length > 0 || (keys.length === 0 && record === null)
      ? meant
      : read.addresses.filter(({ url }) => isLoopback(url));
  const concerned = record !== null || keys.length > 0 || addresses.length > 0;
  const problems = read.problems.map((problem) =>
    (concerned ? bad : warn)({ check: 'settings', tool }, `${name}: ${problem}`, {
      text: 'Put the file right: the tool cannot read it either',
    }),
  );
  if (!concerned) return problems;

  const findings = [...problems, ...(record === null ? [] : changesSince(examination, record, read, name))];
  const models = modelsOf(record, read, addresses);
  const good = [];
  for (const key of keys) {
    const examined = await examineKey(subject, key, view, [...models, ECHO]);
    findings.push(...examined.findings.filter(({ what }) => !what.includes(ECHO) || models.includes(ECHO)));
    if (examined.good) good.push({ key: key.key, outlook: examined.outlook });
  }
  const [usable] = good;
  const ways: Way[] = [];
  for (const address of addresses) {
    const { way, findings: found } = await examineAddress(subject, address, view, usable?.key ?? null);
    findings.push(...found);
    if (way !== null) ways.push(way);
  }
  const moved = findings.some(({ check }) => check === 'moved');
  if (addresses.length === 0 && problems.length === 0) {
    if (!moved) findings.push(elsewhere(subject, record, read, keys));
  } else if (keys.length === 0 && problems.length === 0) findings.push(...keyless(subject, record));
  const [way] = ways;
  if (way === undefined || usable === undefined || findings.some(({ state }) => state === 'bad'))
    return findings.length > 0 ? findings : [ok({ check: 'address', tool }, `${name}: its address answers.`)];
  const echoes = usable.outlook?.models.find(({ model }) => model === ECHO)?.troubles.length === 0;
  const model = examination.tries === 'model' ? models[0] : echoes ? ECHO : undefined;
  const tried =
    examination.tries === 'nothing' || model === undefined
      ? null
      : await askModel(way.base, protocolOf(tool, way), usable.key, model);
  return [...findings, verdict(subject, way, models, model ?? '', tried)];
}

interface Named {
  name: string;
  tool: string;
}

function distinctKeys(keys: readonly ToldKey[]): ToldKey[] {
  return keys.filter((one, at) => keys.findIndex(({ key }) => key === one.key) === at);
}

/** Models that the tool asks for; the first is the one it works with. */
export function modelsAsked(
  { machine, records }: Pick<Examination, 'machine' | 'records'>,
  setup: ToolSetup,
): string[] {
  const read = readSettings(machine, setup);
  const record = records.get(setup.id);
  return record === null && read.keys.length === 0 ? [] : modelsOf(record, read);
}

/** What the settings name now, else what was written. */
function modelsOf(
  record: ToolRecord | null,
  read: ReadSettings,
  addresses: readonly ToldAddress[] = read.addresses,
): string[] {
  const named = read.models
    .filter(({ url }) => url === null || addresses.some((told) => told.url.href === url.href))
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map(({ model }) => model);
  const written = record === null ? [] : [record.model, record.smallModel];
  // A list to choose from: the tool was set up to use these.
  if (record !== null && CHOOSES.has(record.tool) && named.includes(record.model))
    return [...new Set(written)];
  return [...new Set(named.length > 0 ? named : written)];
}

/** What it works with comes before what it uses for side jobs, or when asked to. */
function rankOf({ at }: { at: string }): number {
  return /(^|\.)(ANTHROPIC_MODEL|model|name|defaultModel|default_model)$/.test(at) ? 0 : 1;
}

function protocolOf(tool: string, { shape }: Way): 'messages' | 'chat' | 'responses' {
  if (shape === 'anthropic') return 'messages';
  return tool === 'codex' ? 'responses' : 'chat';
}

/** Its settings name this gateway nowhere. */
function elsewhere(
  { name, tool }: Named,
  record: ToolRecord | null,
  { addresses }: ReadSettings,
  keys: readonly ToldKey[],
): Finding {
  const about = { check: 'address', tool };
  const other = addresses.find(({ where }) => where === keys[0]?.where);
  const told = other === undefined ? '' : ` They name ${other.url.origin} (${other.at} in ${other.where}).`;
  if (record !== null && record.files.length === 0)
    return ok(about, `${name} keeps its settings in a store of its own; they were not looked at.`);
  if (record !== null) {
    const what = `${name} is connected, but its settings do not name the gateway any more.${told}`;
    return bad(about, what, connectAgain(tool));
  }
  const [key] = keys;
  const what = `${name} has a key of a gateway (${key?.at} in ${key?.where}), and no address of this one: the key goes elsewhere.${told}`;
  return bad(about, what, connectAgain(tool, 'Let ntl set it up'));
}

/** An address and no key. */
function keyless({ name, tool }: Named, record: ToolRecord | null): Finding[] {
  const about = { check: 'key', tool };
  if (record === null) {
    const what = `${name} is told to come here, and its settings hold no key of this gateway: it must come from a variable.`;
    return [warn(about, what, connectAgain(tool, 'Let ntl set it up, with a key of its own'))];
  }
  // Some have the key in a store of their own.
  const byHand = !record.files.some(({ written }) => JSON.stringify(written).includes(KEY_PLACEHOLDER));
  if (byHand)
    return [
      ok(about, `${name} is told ${record.origin}. Its key is in a store of its own, and was not tried.`),
    ];
  return [bad(about, `${name}: the key it was given is not in its settings any more.`, connectAgain(tool))];
}

function verdict(
  { name, tool }: Named,
  { base }: Way,
  models: readonly string[],
  model: string,
  reached: Reached | null,
): Finding {
  const about = { check: 'request', tool };
  const [asks] = models;
  const has = asks === undefined ? `${name} is told ${base}` : `${name} is told ${base} and asks for ${asks}`;
  if (reached === null) return ok(about, `${has}; address, key and model are right.`);
  if (reached.kind === 'answer' && reached.status < 300)
    return ok(about, `${has}; address, key and model work, tried with ${model}.`);
  const told =
    reached.kind === 'answer'
      ? `${reached.status} ${reached.code ?? ''}: ${reached.message}`
      : reached.kind === 'stranger'
        ? `HTTP ${reached.status} and no JSON`
        : reached.code;
  return bad(about, `${has}; a request for ${model} was answered ${told}`, {
    ...{ text: 'See the request and what to do', command: 'requests --limit 1', page: '/audit' },
  });
}
