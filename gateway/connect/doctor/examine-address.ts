/** Whether an address that a tool is told leads here, and its path to the API. */
import { type BaseShape, baseOf, isLoopback, leadsTo, slipOf, urlOf, usualBase } from './address.ts';
import { listModels, type Reached, whoAnswers } from './call.ts';
import { bad, connectAgain, type Finding, type Mend, warn } from './finding.ts';
import type { GatewayView } from './gateway-view.ts';
import type { ToldAddress } from './told.ts';

/** An address that leads to this gateway. */
export interface Way {
  base: string;
  shape: BaseShape;
}

export interface Subject {
  /** As sentences begin with it: a tool's name, or a variable's. */
  name: string;
  /** Null for a variable of the shell. */
  tool: string | null;
}

/** Where something stands, for people. */
export function placeOf({ where, at }: { where: string; at: string }): string {
  return where === '' ? at : `${at} in ${where}`;
}

/** As a sentence begins. */
function says({ name, tool }: Subject, address: string, place: string): string {
  return tool === null ? `${name} is ${address}` : `${name} is told ${address} (${place})`;
}

/** Every address of this computer that settings name is where somebody meant this gateway to be. */
export function isMeant(address: ToldAddress, view: GatewayView, origins: readonly string[]): boolean {
  return leadsTo(address.url, [...view.addresses, ...view.sharedUrls, ...origins]);
}

/**
 * @param key good for this gateway, which alone gets it; null for none
 * @returns `way` is null where no request gets through
 */
export async function examineAddress(
  subject: Subject,
  told: ToldAddress,
  view: GatewayView,
  key: string | null,
): Promise<{ way: Way | null; findings: Finding[] }> {
  const { url, shape } = told;
  const about = { check: 'address', tool: subject.tool };
  const place = placeOf(told);
  const here = nearest(url, view);
  const mend = (text: string): Mend => (subject.tool === null ? { text } : connectAgain(subject.tool, text));
  const right = usualBase(here ?? url.origin, shape);
  const put = mend(`Set ${place} to ${right}${subject.tool === null ? '' : ', or let ntl write it'}`);
  const none = (finding: Finding) => ({ way: null, findings: [finding] });

  const answering = await whoAnswers(url.origin);
  if (answering.kind === 'untrusted') return none(await untrusted(subject, place, url, view, answering.code));
  if (answering.kind === 'silent' || answering.kind === 'stranger' || answering.instance !== view.instance) {
    const who =
      answering.kind === 'silent'
        ? 'nothing answers'
        : answering.kind === 'stranger'
          ? 'another program answers'
          : 'another NoTokenLimit gateway answers, of another data folder';
    const is = here === null ? 'This gateway listens at no address' : `This gateway is at ${here}`;
    const what = `${says(subject, url.origin, place)}, where ${who}. ${is}.`;
    return none(bad(about, what, put));
  }

  const base = baseOf(url);
  const reached = await listModels(base, shape, key);
  const path = { ...about, check: 'base-url' };
  if (isNoRoute(reached))
    return none(bad(path, `${says(subject, base, place)}: there is no API at that path.`, put));
  const slip = slipOf(base, shape);
  const way = { base, shape };
  if (slip === null) return { way, findings: [] };
  const why =
    slip === 'v1-too-many'
      ? '/v1 is added to it, so /v1/v1 is asked for. This gateway answers there too, other services do not'
      : 'no /v1 is added to it. This gateway answers without it too, other services do not';
  return { way, findings: [warn(path, `${says(subject, base, place)}: ${why}.`, put)] };
}

function isNoRoute(reached: Reached): boolean {
  return reached.kind !== 'answer' || reached.status === 404 || reached.code === 'not_found';
}

/** The gateway's own address most like one: of this computer for one of this computer. */
function nearest(url: URL, { addresses, sharedUrls }: GatewayView): string | null {
  const all = url.protocol === 'https:' && !isLoopback(url) ? [...sharedUrls, ...addresses] : addresses;
  return all.map((address) => urlOf(address)?.origin).find((origin) => origin !== undefined) ?? null;
}

/** A certificate that this process, as a tool of the same shell, does not trust. */
async function untrusted(
  subject: Subject,
  place: string,
  { origin }: URL,
  { authority, instance }: GatewayView,
  code: string,
): Promise<Finding> {
  const about = { check: 'certificate', tool: subject.tool };
  const told = says(subject, origin, place);
  if (code === 'CERT_HAS_EXPIRED')
    return bad(about, `${told}, and the certificate there has expired.`, {
      text: 'Renew it by turning sharing off and on again, and look at the clock of this computer',
      ...{ command: 'share off', page: '/settings' },
    });
  if (code === 'CERT_NOT_YET_VALID')
    return bad(about, `${told}, and the certificate there is not valid yet: a clock is wrong.`, {
      text: 'Set the clock of this computer right',
    });
  const trusting = authority === null ? null : await whoAnswers(origin, authority);
  if (trusting?.kind === 'gateway' && trusting.instance === instance)
    return bad(about, `${told}, whose certificate tools on this computer do not trust (${code}).`, {
      text:
        'On this computer the address without encryption does: set it up again. Or write the certificate to a file ' +
        'and name that in NODE_EXTRA_CA_CERTS where the tool starts',
      ...{ command: 'share ca --file ca.pem', page: '/settings' },
    });
  return bad(about, `${told}, whose certificate is not this gateway’s (${code}).`, {
    text: 'See where it is shared, and with what certificate',
    ...{ command: 'share', page: '/settings' },
  });
}
