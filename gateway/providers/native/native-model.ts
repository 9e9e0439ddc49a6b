/**
 * Calls Gemini, Bedrock and Vertex through the AI SDK, which is loaded when first needed. It gets the provider's
 * own connections for a fetch, and every credential from the vault: it never looks into the environment.
 */
import type { CanonicalAnswer, CanonicalEvent, ProviderError } from '../../protocols/canonical/answer.ts';
import type { Dropped } from '../../protocols/canonical/dropped.ts';
import type { Transport } from '../exchange.ts';
import { UpstreamFailure } from '../upstream.ts';
import { accessTo } from './access.ts';
import { nativeBase } from './addresses.ts';
import { checkAccess } from './check-access.ts';
import { eventStream } from './event-stream.ts';
import { fromResult } from './from-result.ts';
import { NativeStreamReader } from './from-stream.ts';
import type { NativeKind } from './kinds.ts';
import { loadModels } from './language-model.ts';
import { type Listing, listNativeModels } from './list-models.ts';
import type { NativeCall } from './native-call.ts';
import { type NativeExchange, nativeExchange } from './native-fetch.ts';
import { type Refusal, Refused } from './provider-error.ts';
import { createTokenSource } from './service-account.ts';
import { underneath, unsupported } from './underneath.ts';

interface Answered {
  /** Good, unless it is a refusal. */
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
}

export type NativeOutcome =
  | ({ kind: 'refused' } & Refusal)
  /** A good status with nothing in it that could be an answer; `error` where the provider says why. */
  | ({ kind: 'useless'; error: ProviderError | null } & Answered);

export interface NativeStream extends Answered {
  kind: 'stream';
  /**
   * As they arrive. Without a `finish` or an `error` before its end, the answer was cut. Throws UpstreamFailure.
   * Ending the iteration stops the call, even while a read is pending.
   */
  events: AsyncIterableIterator<CanonicalEvent[], undefined>;
}

export interface NativeWhole extends Answered {
  kind: 'whole';
  answer: CanonicalAnswer;
}

export interface NativeModel {
  /**
   * @param dropped is told what the SDK leaves out, before this returns
   * @throws UpstreamFailure when no status line came back; GatewayError for what the SDK cannot say
   */
  stream(call: NativeCall, dropped: Dropped, signal: AbortSignal): Promise<NativeStream | NativeOutcome>;
  /** The same for an answer in one piece. @throws UpstreamFailure, also for an answer that broke off; GatewayError */
  generate(call: NativeCall, dropped: Dropped, signal: AbortSignal): Promise<NativeWhole | NativeOutcome>;
  /** Null where there is no list to be had: the models are typed by hand then. @throws UpstreamFailure */
  models(signal: AbortSignal): Promise<Listing | null>;
  /**
   * Whether address and credential are right, also where no models can be listed; it costs nothing.
   * @returns what speaks against it, or null
   * @throws UpstreamFailure when no status line came back
   */
  check(signal: AbortSignal): Promise<Refusal | null>;
}

export async function nativeModel(kind: NativeKind, transport: Transport): Promise<NativeModel> {
  const models = await loadModels(kind);
  const tokens = createTokenSource(transport);

  /** Gives `ask` the model and the exchange its requests go through, and sorts what is thrown. */
  async function call<T>(
    { target, options }: NativeCall,
    whole: boolean,
    signal: AbortSignal,
    ask: (
      model: ReturnType<typeof models>,
      options: NativeCall['options'],
      exchange: NativeExchange,
    ) => Promise<T>,
  ): Promise<T | NativeOutcome> {
    const { baseUrl } = transport.provider;
    const access = await accessTo(kind, transport, tokens, signal);
    const base = nativeBase(kind, baseUrl, target.upstreamModel);
    const exchange = nativeExchange({ kind, transport, access, base, whole, signal });
    try {
      const sdk = models({ model: target.upstreamModel, base, baseUrl, access, fetch: exchange.fetch });
      return await ask(sdk, { ...options, abortSignal: signal }, exchange);
    } catch (error) {
      const cause = underneath(error);
      if (cause instanceof UpstreamFailure) throw cause;
      if (cause instanceof Refused) {
        if (cause.refusal.status === 401) tokens.forget();
        return { kind: 'refused', ...cause.refusal };
      }
      const answer = exchange.answer();
      if (answer.status === 0) throw unsupported(error) ?? error;
      return { kind: 'useless', error: null, ...answer };
    }
  }

  const model: NativeModel = {
    stream: (request, dropped, signal) =>
      call(request, false, signal, async (sdk, options, exchange): Promise<NativeStream> => {
        const { stream } = await sdk.doStream({ ...options, includeRawChunks: kind !== 'bedrock' });
        const parts = stream.getReader();
        const reader = new NativeStreamReader(kind, request.target, dropped);
        // The SDK's first part tells what it left out; it does not wait for the provider.
        const { value } = await parts.read();
        const first = value === undefined ? [] : reader.push(value);
        return { kind: 'stream', ...exchange.answer(), events: eventStream(parts, reader, first) };
      }),

    generate: (request, dropped, signal) =>
      call(request, true, signal, async (sdk, options, exchange): Promise<NativeWhole | NativeOutcome> => {
        const result = await sdk.doGenerate(options);
        const answer = fromResult(kind, result, exchange.body(), request.target, dropped);
        if (answer === null) return { kind: 'useless', error: null, ...exchange.answer() };
        if ('error' in answer) return { kind: 'useless', ...answer, ...exchange.answer() };
        return { kind: 'whole', answer, ...exchange.answer() };
      }),

    models: (signal) => listNativeModels(kind, transport, tokens, signal),
    check: (signal) => checkAccess(kind, model, signal),
  };
  return model;
}
