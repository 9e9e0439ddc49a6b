import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { system, tool, user } from '../canonical/requests.ts';
import { anthropic, encode } from './encoding.ts';

const form = (schema: JsonObject, description: string | null = null): OutputFormat => ({
  type: 'json_schema',
  name: 'n',
  description,
  schema,
  strict: true,
});
const closed = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

describe('the form of an answer', () => {
  it('is the service’s to hold', () => {
    expect(encode({ format: form(closed) })).toMatchObject({
      body: { output_config: { format: { type: 'json_schema', schema: closed } } },
      dropped: null,
    });
  });

  it('stands beside an effort', () => {
    const reasoning = {
      effort: 'low',
      budgetTokens: null,
      mode: null,
      summary: null,
      display: null,
    } as const;
    const { body } = encode({ format: form(closed), reasoning }, anthropic({ thinking: ['adaptive'] }));
    expect(body.output_config).toMatchObject({ effort: 'low', format: { type: 'json_schema' } });
  });

  it('is reported where a bound is only told', () => {
    const schema = { ...closed, properties: { a: { type: 'string', maxLength: 3 } } };
    const { body, dropped } = encode({ format: form(schema) });
    expect(JSON.stringify(body.output_config)).toContain('(maxLength: 3)');
    expect(dropped).toBe('response_format');
  });

  it('is asked for in words where the service cannot hold it', () => {
    const map = { type: 'object', additionalProperties: { type: 'number' } };
    const { body, dropped } = encode({ format: form(map, 'Counts.') }, anthropic(), [system('S'), user('a')]);
    expect(body).not.toHaveProperty('output_config');
    expect(body.system).toEqual([
      { type: 'text', text: 'S' },
      { type: 'text', text: expect.stringContaining(JSON.stringify(map)) },
    ]);
    expect(JSON.stringify(body.system)).toContain('Counts.');
    expect(dropped).toBe('response_format');
  });

  it('is asked for in words where it is any object, or the service knows no form', () => {
    const any = encode({ format: { type: 'json_object' } });
    expect(any.body.system).toEqual(expect.stringContaining('one JSON object'));
    expect(any.dropped).toBe('response_format');
    const copy = encode({ format: form(closed) }, anthropic({}, { outputConfig: false }));
    expect(copy.body).not.toHaveProperty('output_config');
    expect(copy.dropped).toBe('response_format');
  });

  it('takes its room before strict tools do', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`p${n}`, { type: 'string' }]));
    const schema = { type: 'object', properties: many, additionalProperties: false };
    const { body, dropped } = encode({ format: form(schema), tools: [tool('f', { schema, strict: true })] });
    expect(body).toHaveProperty('output_config');
    expect(body.tools).toEqual([{ name: 'f', input_schema: schema, cache_control: { type: 'ephemeral' } }]);
    expect(dropped).toBe('strict');
  });
});
