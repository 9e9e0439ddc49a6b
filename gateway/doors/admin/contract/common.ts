import { z } from 'zod';

/** Every id but a plan's and a model's is a number, written as a string. */
export const Id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'This is no id: ids are whole numbers written as text.');

export const Name = z.string().trim().min(1).max(200);

/** An answer's moment. */
export const Time = z.iso.datetime();

/** A moment a caller gives: with a time zone. */
export const GivenTime = z.iso.datetime({
  offset: true,
  error: 'Write the moment in ISO 8601 with a time zone, such as 2026-12-31T12:00:00Z.',
});

/** Minutes to add to UTC for the caller's local time. */
export const TimeZoneOffset = z.coerce.number().int().min(-840).max(840);

/** Whole micros of a US dollar. */
export const Micros = z.int().min(0).max(1e15);

const DEFAULT_PAGE_SIZE = 100;
/** The owner's pages have no cap; this keeps one answer within memory. */
const LARGEST_PAGE = 100_000;

/** A day alone means the whole day in UTC, also as `endDate`. */
const SpanEdge = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'Write a day such as 2026-12-31 or a moment such as 2026-12-31T12:00:00Z.',
});

export const ListQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(1e9).optional(),
  pageSize: z.coerce.number().int().min(1).optional(),
  startDate: SpanEdge.optional(),
  endDate: SpanEdge.optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

const Pagination = z.object({
  page: z.int(),
  limit: z.int(),
  total: z.int(),
  /** Present where more may match than were counted. */
  capped: z.literal(true).optional(),
});
export type Pagination = z.infer<typeof Pagination>;

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), pagination: Pagination });
}

export interface List<Item> {
  data: Item[];
  pagination: Pagination;
}

/** @returns the page asked for, `limit` clamped to what one answer can hold */
export function pageOf({ page = 1, pageSize = DEFAULT_PAGE_SIZE }: Pick<ListQuery, 'page' | 'pageSize'>) {
  const limit = Math.min(pageSize, LARGEST_PAGE);
  return { page, limit, offset: (page - 1) * limit };
}

export const ErrorAnswer = z.object({
  error: z.object({
    type: z.string(),
    code: z.string(),
    message: z.string(),
    /** Path of the field the error is about, such as `targets[0].providerId`. */
    param: z.string().nullable(),
  }),
});
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
