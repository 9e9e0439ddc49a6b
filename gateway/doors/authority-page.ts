import { trustSteps } from '../sharing/trust-steps.ts';

/** What a colleague does to trust the gateway, as a page that loads and runs nothing. */
export function trustPage(origin: string, fingerprint: string): string {
  const steps = trustSteps(origin).map(
    ({ title, note, commands }) => `
  <section>
    <h2>${escaped(title)}</h2>
    <p>${escaped(note)}</p>${commands.length === 0 ? '' : `\n    <pre tabindex="0">${escaped(commands.join('\n'))}</pre>`}
  </section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Trust this gateway</title>
<style>
  :root { --ink: #1c1c1a; --ink2: #52524c; --line: #e7e7e2; --canvas: #fbfbfa; --sunken: #f6f6f3 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #ececE8; --ink2: #b6b6ae; --line: #2c2c2a; --canvas: #161615; --sunken: #131312 }
  }
  body { max-width: 720px; margin: 0 auto; padding: 28px 20px 60px; font: 14px/1.5 system-ui, sans-serif;
    color: var(--ink); background: var(--canvas) }
  h1 { font-size: 18px; margin: 0 }
  h2 { font-size: 14px; margin: 0 }
  section { padding: 14px 0; border-top: 1px solid var(--line) }
  p { margin: 4px 0 8px; color: var(--ink2) }
  a { color: inherit }
  pre, code { font: 12px/1.6 ui-monospace, monospace }
  pre { margin: 0; padding: 8px 12px; overflow-x: auto; background: var(--sunken); border-radius: 6px }
  code { overflow-wrap: anywhere }
</style>
<main>
  <h1>Trust this gateway</h1>
  <p>It proves itself with a certificate of its own making, so each system is told once to trust it. The authority
  behind it can sign for names of a local network and private addresses alone.</p>
  <section>
    <h2>Fingerprint (SHA-256)</h2>
    <p><code>${escaped(fingerprint)}</code></p>
    <p>Compare it with what the owner tells you. Here it proves nothing by itself: who could change the certificate
    on its way could change this page.</p>
    <p><a href="/ca.crt">Certificate as PEM</a>, <a href="/ca.cer">as DER</a></p>
  </section>${steps.join('')}
</main>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
