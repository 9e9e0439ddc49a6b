import { expect } from 'vitest';
import { until } from '../support/until.ts';
import { standInTest, startStandIn } from './start-app.ts';

const SLOW = { timeout: 90_000 };

standInTest('a restored backup is served in the same window, at the same address', SLOW, async () => {
  const app = await startStandIn();
  const { url } = await app.gateway();
  const page = await app.desktop.page();
  await page.getByText(url.replace('http://', '')).first().waitFor();
  await app.admin('POST', '/members', { name: 'Before' });
  const { id } = (await app.admin('POST', '/backups')) as { id: string };
  await app.admin('POST', '/members', { name: 'After' });
  expect(await app.admin('POST', `/backups/${id}/restore`)).toEqual({ restarting: true });

  const names = () =>
    page.evaluate(async () => {
      const answer = await fetch('/admin/api/members').catch(() => null);
      if (answer?.status !== 200) return null;
      const { data } = await answer.json();
      return data.map(({ name }: { name: string }) => name).join();
    });
  await until('the backup', async () => {
    const now = await names();
    return now !== null && !now.includes('After');
  });
  expect(await names()).toContain('Before');
  expect((await app.gateway()).url).toBe(url);
  await until('the tray', () =>
    app.desktop.look(({ record }) => record.trays[0]?.menu.some(({ label }) => label === 'Running') ?? false),
  );
  expect(await app.desktop.look(({ record }) => record.boxes.length)).toBe(0);
});

standInTest('a computer that wakes does not disturb what runs', SLOW, async () => {
  const app = await startStandIn({ args: ['--hidden'] });
  const { url } = await app.gateway();
  await app.desktop.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
  });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
