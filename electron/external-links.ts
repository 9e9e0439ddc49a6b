/**
 * Whether a link of the panel may be handed to the system, which would start whatever program is registered for it
 * (https://www.electronjs.org/docs/latest/tutorial/security#15-do-not-use-shellopenexternal-with-untrusted-content).
 * Only pages of the web, encrypted, by name; a name and password in front of the host deceive people.
 */
export function isOpenedOutside(url: string): boolean {
  const asked = URL.parse(url);
  if (asked === null || asked.protocol !== 'https:') return false;
  return asked.username === '' && asked.password === '' && asked.hostname !== '';
}
