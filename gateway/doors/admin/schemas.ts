import { z } from 'zod';
import { ErrorAnswer } from './contract.ts';

export const IdParams = z.object({ id: z.string() });

/** An answer without a body. */
export const NoContent = z.undefined();

/** The answers of a route: its own, and the one shape of errors. */
export function answers<Answer extends z.ZodType, Status extends 200 | 201 | 204 = 200>(
  answer: Answer,
  status: Status = 200 as Status,
): Record<Status, Answer> & { '4xx': typeof ErrorAnswer; '5xx': typeof ErrorAnswer } {
  return { [status]: answer, '4xx': ErrorAnswer, '5xx': ErrorAnswer } as Record<Status, Answer> & {
    '4xx': typeof ErrorAnswer;
    '5xx': typeof ErrorAnswer;
  };
}
