/** The longest label (RFC 1035 §2.3.4). */
const MAX_LABEL = 63;

/** How the computer is called. */
export interface HostNames {
  /** One label, such as `studio`. */
  bare: string;
  /** The name for multicast DNS (RFC 6762 §3), such as `studio.local`. */
  local: string;
  /** With its domain, where the system tells one, such as `studio.example.org`. */
  full: string | null;
}

/** @param told by the system: it may have a domain, capitals, spaces and letters that no host name has */
export function hostNames(told: string): HostNames {
  const labels = told
    .toLowerCase()
    .split('.')
    .map((label) => asLabel(label))
    .filter((label) => label !== '');
  const [bare = 'notokenlimit', ...domain] = labels;
  const full = domain.length === 0 || domain.join('.') === 'local' ? null : [bare, ...domain].join('.');
  return { bare, local: `${bare}.local`, full };
}

function asLabel(text: string): string {
  const letters = text
    .normalize('NFKD')
    .replace(/[^a-z0-9-]/g, (letter) => (/\p{M}/u.test(letter) ? '' : '-'));
  return trimmed(trimmed(letters).slice(0, MAX_LABEL));
}

/** Without hyphens at its ends. */
function trimmed(label: string): string {
  let [start, end] = [0, label.length];
  while (label[start] === '-') start++;
  while (end > start && label[end - 1] === '-') end--;
  return label.slice(start, end);
}
