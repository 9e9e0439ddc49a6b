import { describe, expect, it } from 'vitest';
import { batched } from '../../../renderer/people/batch.ts';

describe('many small asks', () => {
  function counted(most: number) {
    const loads: string[][] = [];
    const ask = batched(async (ids) => {
      loads.push(ids);
      return new Map(ids.filter((id) => id !== 'nobody').map((id) => [id, `answer to ${id}`]));
    }, most);
    return { loads, ask };
  }

  it('become one, each id asked for once', async () => {
    const { loads, ask } = counted(100);
    const answers = await Promise.all(['1', '2', '1', 'nobody'].map(ask));
    expect(answers).toEqual(['answer to 1', 'answer to 2', 'answer to 1', undefined]);
    expect(loads).toEqual([['1', '2', 'nobody']]);
  });

  it('become several where one answer holds fewer', async () => {
    const { loads, ask } = counted(2);
    await Promise.all(['1', '2', '3'].map(ask));
    expect(loads).toEqual([['1', '2'], ['3']]);
  });

  it('are asked anew the next time, also after a refusal', async () => {
    let fails = true;
    const ask = batched(async (ids) => {
      if (fails) throw new Error('not now');
      return new Map(ids.map((id) => [id, 'now']));
    }, 10);
    await expect(Promise.all([ask('1'), ask('2')])).rejects.toThrow('not now');
    fails = false;
    expect(await ask('1')).toBe('now');
  });
});
