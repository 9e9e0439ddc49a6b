import { describe, expect, it } from 'vitest';
import { parseSearch, withoutSecret } from '../../../renderer/pages/audit/search.ts';

const PREFIXES = ['ntl_live_7fQ2ab', 'ntl_live_7fX9cd', 'ntl_live_hV0xyz'];
const parse = (text: string) => parseSearch(text, PREFIXES, ['quota_day']);

describe('the search field', () => {
  it.each([
    ['01934c1e-7f3a-7bbb-8c4d-0123456789AB', 'requestId', '01934c1e-7f3a-7bbb-8c4d-0123456789ab'],
    [' ntl_live_7fQ2ab ', 'keyPrefix', 'ntl_live_7fQ2ab'],
    ['ntl_live_hV', 'keyPrefix', 'ntl_live_hV0xyz'],
    ['192.168.1.31', 'address', '192.168.1.31'],
    ['2001:db8::1', 'address', '2001:db8::1'],
    ['::1', 'address', '::1'],
    ['in-process', 'address', 'in-process'],
    ['429', 'status', '429'],
    ['quota_day', 'code', 'quota_day'],
  ])('takes “%s” for a %s', (text, kind, value) => {
    expect(parse(text)).toEqual({ kind, value });
  });

  it.each(['ntl_live_7f', 'ntl_live_zz', '192.168.1', 'Ada', '01934c1e'])(
    'looks for nothing yet at “%s”',
    (text) => {
      expect(parse(text)).toEqual({ kind: 'unclear' });
    },
  );

  it('keeps no more of a whole key than tells it apart', () => {
    expect(withoutSecret(`ntl_live_${'a'.repeat(40)}`)).toBe('ntl_live_aaaaaa');
    expect(withoutSecret('192.168.1.1 ')).toBe('192.168.1.1 ');
  });
});
