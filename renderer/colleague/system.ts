/** Whose paths and shell the lines are for: this computer's, as far as its browser tells. */
export function ownSystem(agent = navigator.userAgent): 'linux' | 'macos' | 'windows' {
  if (/windows/i.test(agent)) return 'windows';
  return /mac os|macintosh/i.test(agent) ? 'macos' : 'linux';
}
