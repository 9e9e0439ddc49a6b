/** GET `/models` and `/models/{id}`, in the shape of the service that is asked. */
import { asksAnthropic, type Standards } from './check-request.ts';
import { unknownAnthropicModel } from './messages/rules.ts';
import { unknownModel } from './openai/rules.ts';
import { anthropicModel, anthropicModelList, openaiModel, openaiModelList } from './render-others.ts';
import { type RawReply, reply } from './reply.ts';
import type { Recording } from './request.ts';

export function modelsReply(recording: Recording, standards: Standards): RawReply {
  const { status, body } = modelsAnswer(recording, standards);
  return reply.status(status, { body });
}

function modelsAnswer(
  recording: Recording,
  { models, basePath }: Standards,
): { status: number; body: object } {
  const ids = models ?? [];
  const anthropic = asksAnthropic(recording);
  const id = decodeURIComponent(recording.path.slice(`${basePath}/models/`.length));
  if (id === '') return { status: 200, body: anthropic ? anthropicModelList(ids) : openaiModelList(ids) };
  if (models !== null && !models.includes(id))
    return anthropic ? unknownAnthropicModel(id) : unknownModel(id);
  return { status: 200, body: anthropic ? anthropicModel(id) : openaiModel(id) };
}
