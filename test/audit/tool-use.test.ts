import { expect, it, onTestFinished } from 'vitest';
import { Names } from '../../gateway/audit/names.ts';
import { NOTE_TOOL_USE, ToolUse } from '../../gateway/audit/tool-use.ts';
import { openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

it('is read from what the roll-up kept and from the rows behind it, in order of admission', async () => {
  const { db, close } = await openStore({ dataDir: tempDir() });
  onTestFinished(close);
  const names = new Names(db);
  const insert = db.prepare(
    `INSERT INTO requests (id, at, request_id, key_id, address, tool, endpoint) VALUES (?, ?, x'00', ?, 1, ?, 1)`,
  );
  const row = (id: number, at: number, keyId: number | null, tool: string) =>
    insert.run(id, at, keyId, names.id(tool));
  const rollUp = (from: number, to: number) => db.prepare(NOTE_TOOL_USE).run({ from, to });
  row(1, 5_000, 1, 'codex');
  row(2, 9_000, 1, 'codex');
  row(3, 7_000, 1, 'pi');
  row(4, 9_900, null, 'zed');
  rollUp(0, 4);
  // The clock was set back.
  row(5, 6_000, 2, 'codex');
  const use = new ToolUse(db, names, 4);
  expect(use.latest(['codex'])).toBe(6_000);
  expect(use.latest(['codex', 'pi'])).toBe(7_000);
  expect(use.latest(['zed'])).toBeNull();
  expect(use.latest([])).toBeNull();
  rollUp(4, 5);
  db.exec('DELETE FROM requests');
  expect(new ToolUse(db, names, 5).latest(['codex'])).toBe(6_000);

  use.note({ tool: 'zed', keyId: null, at: 8_000 });
  expect(use.latest(['zed'])).toBeNull();
  use.note({ tool: 'zed', keyId: 1, at: 8_000 });
  expect(use.latest(['zed'])).toBe(8_000);
});
