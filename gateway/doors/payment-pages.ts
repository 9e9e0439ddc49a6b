import type { BillingSession } from '../billing/billing.ts';

/** The pages load nothing, run nothing and tell no other site of their address. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** What a payer sees who comes back. @param session undefined for an address that nobody was sent to */
export function donePage(session: BillingSession | undefined, planName: (id: string) => string): string {
  if (session === undefined) return closedPage();
  const { state, purpose, planId, amountMicros } = session;
  if (state === 'paid' && purpose === 'plan')
    return page('Paid', `The plan ${planName(planId ?? '')} holds from now on, for 30 days.`);
  if (state === 'paid') return page('Paid', `$${(amountMicros / 1_000_000).toFixed(2)} is on your balance.`);
  if (state === 'processing')
    return page(
      'Thank you',
      'Your payment is on its way. It is credited when it arrives, which may take some days.',
    );
  if (state === 'expired' || state === 'failed') return page('Not paid', 'Nothing was charged.');
  return page('Thank you', 'Your payment is being looked up. It is credited within a minute.');
}

export function notPaidPage(): string {
  return page('Not paid', 'Nothing was charged.');
}

export function closedPage(): string {
  return page('That is all', 'Nothing is left to do here.');
}

function page(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
  body { display: grid; place-content: center; min-height: 90vh; margin: 0 24px; text-align: center;
    font: 15px/1.5 system-ui, sans-serif }
  h1 { font-size: 22px; margin: 0 }
</style>
<main>
  <h1>${escaped(title)}</h1>
  <p>${escaped(text)}</p>
  <p>You can close this window.</p>
</main>
</html>
`;
}

/** A plan's name is the owner's to choose. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
