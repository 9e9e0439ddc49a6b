import { parseRange } from '../../accounts/addresses.ts';
import { invalid } from './errors.ts';

/** @throws GatewayError `invalid_request` that names the field, where the text is neither an address nor a range */
export function checkRange(field: string, text: string): void {
  if (parseRange(text) !== undefined) return;
  throw invalid(field, 'Write an address, or a range such as 10.0.0.0/8 or 2001:db8::/32.');
}

/** @throws GatewayError `invalid_request` that names the first entry that is no range */
export function checkRanges(field: string, texts: readonly string[]): void {
  for (const [index, text] of texts.entries()) checkRange(`${field}[${index}]`, text);
}
