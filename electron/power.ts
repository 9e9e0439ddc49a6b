import type { PowerMonitor } from 'electron';

/**
 * After the computer slept: connections to providers are dead without knowing it, and what failed before may be well
 * again, so the gateway begins anew with them.
 */
export function wakeGateway(powerMonitor: PowerMonitor, wake: () => void): void {
  powerMonitor.on('resume', wake);
}
