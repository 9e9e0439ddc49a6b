import { z } from 'zod';
import { ModelId } from '../../../gateway/doors/admin/contract.ts';
import { AUTO } from './model-rows.ts';

const Dollars = z.union([z.number().min(0, 'A price is 0 or more.'), z.literal('')]);

const Target = z.looseObject({
  providerId: z.string().min(1, 'Choose a provider.'),
  upstreamModel: z.string().trim().min(1, 'Write the provider’s name for the model.').max(200),
});

const shared = {
  id: z
    .string()
    .trim()
    .min(1, 'Write the name that clients send.')
    .refine((id) => ModelId.safeParse(id).success, 'A name has no blanks, and at most 128 characters.')
    .refine((id) => id !== AUTO, 'This name stands for the default model: choose another.'),
};

const ByProviders = z.looseObject({
  ...shared,
  answeredBy: z.literal('providers'),
  targets: z.array(Target),
  multiplier: z.number('Write a number above 0.').positive('Write a number above 0.').max(1_000),
});

const OwnPrice = ByProviders.extend({
  ownPrice: z.literal(true),
  price: z.looseObject({
    input: z.number('Write a price, or take the price list’s.').min(0, 'A price is 0 or more.'),
    output: z.number('Write a price, or take the price list’s.').min(0, 'A price is 0 or more.'),
    cacheRead: Dollars,
    cacheWrite: Dollars,
  }),
});

/** Checked when a field is left and before sending; the gateway checks again. */
export const ModelSchema = z.discriminatedUnion('answeredBy', [
  z.discriminatedUnion('ownPrice', [OwnPrice, ByProviders.extend({ ownPrice: z.literal(false) })]),
  z.looseObject({ ...shared, answeredBy: z.literal('model') }),
]);
