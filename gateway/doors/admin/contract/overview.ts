import { z } from 'zod';
import { Time, TimeZoneOffset } from './common.ts';

export const OverviewQuery = z.strictObject({ timeZoneOffsetMinutes: TimeZoneOffset.optional() });

export const Figures = z.object({
  /** Admitted. */
  requests: z.int(),
  refused: z.int(),
  /** Admitted, ended in an error. */
  failed: z.int(),
  /** Input and output. */
  tokens: z.int(),
  costMicros: z.int(),
  /** Median of the latest answers of the span; null without any. */
  firstByteMs: z.number().nullable(),
});
export type Figures = z.infer<typeof Figures>;

export const Overview = z.object({
  /** Since local midnight. */
  today: Figures,
  /** Up to the same minute of the day before. */
  yesterday: Figures,
  /** Every hour of the local day. */
  hours: z.array(
    z.object({
      start: Time,
      /** Null for hours to come. */
      requests: z.int().nullable(),
      /** In the whole of the same hour of the day before. */
      yesterday: z.int(),
    }),
  ),
  /** Of `providers`, those whose state is `answers`. */
  providersAnswering: z.int(),
  providers: z.int(),
});
export type Overview = z.infer<typeof Overview>;
