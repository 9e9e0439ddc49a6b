import { z } from 'zod';
import { Id, listOf } from './common.ts';
import { ProviderKind } from './providers.ts';

const Runtime = z.object({ kind: ProviderKind, label: z.string(), baseUrl: z.string() });

/** A server of local models that answers on this computer. */
export const LocalRuntime = Runtime.extend({
  /** How many it has. */
  models: z.int(),
  /** The provider that stands for it already. */
  providerId: Id.nullable(),
});
export type LocalRuntime = z.infer<typeof LocalRuntime>;

/** `notFound` are those whose usual port is silent, or another program's. */
export const LocalRuntimeList = listOf(LocalRuntime).extend({ notFound: z.array(Runtime) });
export type LocalRuntimeList = z.infer<typeof LocalRuntimeList>;
