import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renamedMember, topLevelMembers, withMembers } from '../../gateway/protocols/json-members.ts';
import { cpuTimer } from '../support/cpu-time.ts';
import { objectText } from './json-text.ts';

const NAMES = ['model', 'stream_options'];

function changed(json: string, values: Record<string, string>): string {
  return withMembers(Buffer.from(json), values).toString();
}

describe('the members of a JSON object', () => {
  it('are found wherever they stand, and with them their values', () => {
    fc.assert(
      fc.property(objectText(NAMES), ({ members, pieces }) => {
        const json = Buffer.from(pieces.join(''));
        const found = topLevelMembers(json);
        expect(found.map(({ key }) => key)).toEqual(members.map(({ key }) => key));
        const values = found.map(({ start, end }) => json.toString('utf8', start, end));
        expect(values).toEqual(members.map(({ valueText }) => valueText));
      }),
      { numRuns: 500 },
    );
  });

  it('change alone: every other byte stays', () => {
    const values = { model: '"up\\u0073tream"', stream_options: '{"include_usage":true}' };
    fc.assert(
      fc.property(objectText(NAMES), fc.subarray(NAMES), ({ members, pieces }, names) => {
        const wanted = Object.fromEntries(Object.entries(values).filter(([key]) => names.includes(key)));
        const expected = [...pieces];
        members.forEach(({ key }, index) => {
          if (Object.hasOwn(wanted, key)) expected[2 + index * 3] = wanted[key] as string;
        });
        const missing = Object.keys(wanted).filter((name) => !members.some(({ key }) => key === name));
        if (missing.length > 0) {
          const added = missing.map((name) => `"${name}":${wanted[name]}`).join(',');
          const last = expected.length - 1;
          expected[last] = `${members.length > 0 ? ',' : ''}${added}${expected[last]}`;
        }
        const result = changed(pieces.join(''), wanted);
        expect(result).toBe(expected.join(''));
        const parsed = JSON.parse(result) as Record<string, unknown>;
        for (const [key, value] of Object.entries(wanted)) expect(parsed[key]).toEqual(JSON.parse(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{}', '{"model":"b"}'],
    [' { } \n', ' { "model":"b"} \n'],
    ['{"model":"a"}', '{"model":"b"}'],
    ['{"mod\\u0065l" : "a" , "x":1}', '{"mod\\u0065l" : "b" , "x":1}'],
    ['{"model":"a","x":{"model":"a"},"model":"c"}', '{"model":"b","x":{"model":"a"},"model":"b"}'],
    ['{"x":"\\\\","model":"a"}', '{"x":"\\\\","model":"b"}'],
    ['{"x":"\\"model\\":\\"a\\"}","model":"a"}', '{"x":"\\"model\\":\\"a\\"}","model":"b"}'],
    ['{"x":["}",{"a":"]"}],"model":1.5e3}', '{"x":["}",{"a":"]"}],"model":"b"}'],
    ['{"x":{}}', '{"x":{},"model":"b"}'],
  ])('%s becomes %s', (json, expected) => {
    expect(changed(json, { model: '"b"' })).toBe(expected);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('may be called %s', (key) => {
    expect(changed(`{"${key}":1,"model":"a"}`, { model: '"b"' })).toBe(`{"${key}":1,"model":"b"}`);
  });

  it('are found in time that grows with the length', () => {
    const quotes = `{"x":"${'\\"'.repeat(2_000_000)}","y":"${'\\\\'.repeat(2_000_000)}","model":"a"}`;
    const usedMs = cpuTimer();
    expect(changed(quotes, { model: '"b"' })).toHaveLength(quotes.length);
    expect(usedMs()).toBeLessThan(2_000);
  });

  it('take another name, and nothing else changes', () => {
    const json = ' {"max_tokens" : 5, "a":{"max_tokens":1},"t":"max_tokens", "max\\u005ftokens":6}';
    expect(renamedMember(Buffer.from(json), 'max_tokens', 'limit').toString()).toBe(
      ' {"limit" : 5, "a":{"max_tokens":1},"t":"max_tokens", "limit":6}',
    );
    expect(renamedMember(Buffer.from(json), 'none', 'limit').toString()).toBe(json);
  });
});
