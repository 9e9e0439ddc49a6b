/** Keys of settings and variables, by what the gateway says of them. */
import { keyHashOf } from '../setup/key-in-text.ts';
import { placeOf, type Subject } from './examine-address.ts';
import { bad, connectAgain, type Finding, type Mend, warn } from './finding.ts';
import type { GatewayView, KeyOutlook, Trouble } from './gateway-view.ts';
import { isPlaceholder, type ToldKey } from './told.ts';

export interface ExaminedKey {
  outlook: KeyOutlook | null;
  /** Whether requests with it are let in. */
  good: boolean;
  findings: Finding[];
}

/** @param models that are asked for with it; the first is the one that the tool works with */
export async function examineKey(
  subject: Subject,
  toldKey: ToldKey,
  view: GatewayView,
  models: readonly string[],
): Promise<ExaminedKey> {
  const { key } = toldKey;
  const place = placeOf(toldKey);
  if (isPlaceholder(key)) {
    const what = `${subject.tool === null ? '' : `${subject.name}: `}${place} holds ${key === 'ntl_live_YOUR_KEY' ? 'the place of a key and no key' : 'a key that was cut short or mistyped'}.`;
    const findings = [bad({ check: 'key', tool: subject.tool }, what, another(subject, place))];
    return { outlook: null, good: false, findings };
  }
  const outlook = await view.outlook(keyHashOf(key), models);
  const [main, ...side] = outlook.models.map((model) => model.troubles);
  // The tool works without those that it uses for side jobs.
  const aside = side.flat().map((trouble): Trouble => ({ ...trouble, state: 'warn' }));
  const troubles = [...outlook.troubles, ...(main ?? []), ...aside];
  return {
    outlook,
    good: !outlook.troubles.some(({ state, check }) => state === 'bad' && check === 'key'),
    findings: unique(troubles).map((trouble) => told(subject, place, trouble)),
  };
}

/** The small model is often the model. */
function unique(troubles: readonly Trouble[]): Trouble[] {
  return troubles.filter((one, at) => troubles.findIndex(({ what }) => what === one.what) === at);
}

function told(subject: Subject, place: string, { check, state, what, mend }: Trouble): Finding {
  const where = check === 'key' && subject.tool !== null ? ` (${place})` : '';
  const make = state === 'bad' ? bad : warn;
  return make(
    { check, tool: subject.tool },
    `${subject.name}: ${what}${where}.`,
    mend ?? another(subject, place),
  );
}

function another({ tool }: Subject, place: string): Mend {
  if (tool !== null) return connectAgain(tool, 'Give it a key of its own again');
  return { text: `Make another and put it into ${place}`, command: 'keys create "my tool"', page: '/keys' };
}
