import type { CanonicalEvent } from './answer.ts';

/**
 * Keeps halves of a character together: a JSON text may be cut between the two escapes of one (`\\ud83d\\ude00`),
 * and many readers refuse a half.
 */
export class WholeCharacters {
  #half: { index: number; unit: string } | undefined;

  push(event: CanonicalEvent): CanonicalEvent[] {
    const before = this.#half;
    if (event.type === 'delta') {
      const text = before?.index === event.index ? before.unit + event.text : event.text;
      const ends = isFirstHalf(text.charCodeAt(text.length - 1));
      this.#half = ends ? { index: event.index, unit: text.slice(-1) } : undefined;
      const whole = ends ? text.slice(0, -1) : text;
      return whole === '' ? [] : [{ ...event, text: whole }];
    }
    this.#half = undefined;
    return before === undefined
      ? [event]
      : [{ type: 'delta', index: before.index, text: before.unit }, event];
  }
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
