export interface Address {
  label: string;
  url: string;
}

const OPENAI_PATH = '/api/v1';
const ANTHROPIC_PATH = '/api';

/** What tools are given, of each address that is really listened at: this computer's own in both styles. */
export function baseUrls(listening: readonly string[]): Address[] {
  const own = listening.find(isOwn) ?? listening[0];
  if (own === undefined) return [];
  const others = listening.filter((url) => url !== own && !isOwn(url));
  return [
    { label: 'OpenAI style', url: own + OPENAI_PATH },
    { label: 'Anthropic style', url: own + ANTHROPIC_PATH },
    ...others.map((url) => ({ label: 'Colleagues on your network', url: url + OPENAI_PATH })),
  ];
}

/** Whether only this computer reaches the address. */
export function isOwn(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** Without its scheme. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
