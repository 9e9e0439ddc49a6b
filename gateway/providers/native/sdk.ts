/** The AI SDK's own types, by way of the packages that are installed for their sake. */
import type { createGoogle } from '@ai-sdk/google';

export type LanguageModel = ReturnType<ReturnType<typeof createGoogle>['languageModel']>;
export type CallOptions = Parameters<LanguageModel['doStream']>[0];
export type StreamPart =
  Awaited<ReturnType<LanguageModel['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never;
export type WholeResult = Awaited<ReturnType<LanguageModel['doGenerate']>>;
export type Warning = WholeResult['warnings'][number];
export type Fetch = NonNullable<NonNullable<Parameters<typeof createGoogle>[0]>['fetch']>;

export type Message = CallOptions['prompt'][number];
export type UserContent = Extract<Message, { role: 'user' }>['content'][number];
export type FileContent = Extract<UserContent, { type: 'file' }>;
export type AssistantContent = Extract<Message, { role: 'assistant' }>['content'][number];
export type ResultContent = Extract<
  Extract<Message, { role: 'tool' }>['content'][number],
  { type: 'tool-result' }
>;
export type ResultOutput = ResultContent['output'];
export type ProviderOptions = NonNullable<CallOptions['providerOptions']>;
/** A JSON object as the SDK types it. */
export type Fields = ProviderOptions[string];
export type ToolDeclaration = Extract<NonNullable<CallOptions['tools']>[number], { type: 'function' }>;
