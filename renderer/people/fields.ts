import { z } from 'zod';

/** What the gateway takes for a name, in words for a form. */
export const nameField = z
  .string()
  .trim()
  .min(1, 'A name is missing.')
  .max(200, 'Names have 200 letters at most.');

/** May stay empty. */
export const emailField = z.union([
  z.literal(''),
  z.email('Write an address such as ada@example.com, or leave it out.').max(320),
]);
