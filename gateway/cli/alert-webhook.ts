import type { Command } from 'commander';
import type { AlertWebhook, AlertWebhookSet, AlertWebhookTest } from '../doors/admin/contract.ts';
import { CliError } from './failures.ts';
import { plain } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';

interface WebhookOptions {
  newSecret?: true;
  test?: true;
}

/** `ntl alerts webhook [address|off]`: where alerts are sent, beside the panel. */
export function addAlertWebhookCommand(alerts: Command): void {
  alerts
    .command('webhook')
    .description('send alerts to an address, signed as Standard Webhooks')
    .argument('[address]', 'HTTPS, or HTTP to this computer; off to send nowhere')
    .option('--new-secret', 'make a new signing secret; the one before is of no use then')
    .option('--test', 'send a test now')
    .action(async (address: string | undefined, options: WebhookOptions, command: Command) => {
      const terminal = new Terminal(command);
      const { admin } = terminal;
      if (address === 'off') {
        const answer = await admin.delete('/alert-webhook');
        return terminal.show(answer, () => 'Alerts are sent nowhere.\n');
      }
      const before = await admin.get<AlertWebhook>('/alert-webhook');
      const url = address ?? (options.newSecret ? before.url : null);
      if (options.newSecret && url === null) throw new CliError('Give the address, too.');
      const now =
        url === null
          ? before
          : await admin.put<AlertWebhookSet>('/alert-webhook', {
              url,
              newSecret: options.newSecret ?? false,
            });
      if (!options.test) return terminal.show(now, () => webhookText(now));
      if (url !== null) terminal.say(webhookText(now));
      const test = await admin.post<AlertWebhookTest>('/alert-webhook/test');
      terminal.show(test, () => `${plain(test.message)} ${test.latencyMs} ms.\n`);
      if (!test.ok) process.exitCode = 1;
    });
}

function webhookText(webhook: AlertWebhook | AlertWebhookSet): string {
  const { url, lastDelivered, lastFailure, waiting, lost } = webhook;
  if (url === null) return 'Alerts are sent nowhere. Give an address to send them to.\n';
  const lines = [`Alerts are sent to ${plain(url)}`];
  if ('secret' in webhook && webhook.secret !== null)
    lines.push(`Signing secret, shown this once: ${webhook.secret}`);
  if (lastDelivered !== null) lines.push(`Last taken ${localTime(lastDelivered)}.`);
  if (lastFailure !== null) lines.push(`${localTime(lastFailure.at)}: ${plain(lastFailure.message)}`);
  if (waiting > 0) lines.push(`${waiting} waiting.`);
  if (lost > 0) lines.push(`${lost} lost since the start.`);
  return `${lines.join('\n')}\n`;
}
