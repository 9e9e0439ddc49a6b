/** The echo in OpenAI's legacy Completions form: what editors' autocomplete uses (openai-node `resources/completions.ts`). */
import { openaiUsage } from './chat.ts';
import { NO_TEXT, type Plan, planText } from './decide.ts';
import { asObject, type JsonObject } from './json.ts';
import { type CallFacts, countCopies, type EchoEvent, type Rendered, splitIntoDeltas } from './rendered.ts';
import { countInputTokens } from './tokens.ts';

/** As many as Embeddings takes inputs. */
const MAX_PROMPTS = 2048;

/** Repeats each prompt, `n` times where asked. A prompt of token numbers has no text to repeat. */
export function renderCompletions(body: JsonObject, facts: CallFacts): Rendered {
  const answers = readPrompts(body.prompt).map((prompt) => planText(prompt || NO_TEXT, body, 0));
  const copies = countCopies(
    body.n,
    total(answers, (plan) => plan.text.length),
  );
  const plans = answers.flatMap((plan) => Array.from<Plan>({ length: copies }).fill(plan));
  const usage = openaiUsage(
    countInputTokens(body),
    total(plans, (plan) => plan.outputTokens),
  );
  const head = {
    id: facts.id('cmpl-'),
    object: 'text_completion',
    created: facts.createdAt,
    model: facts.model,
    system_fingerprint: 'fp_ntl_echo',
  };

  return {
    whole: () => ({
      ...head,
      choices: plans.map((plan, index) => choice(index, plan.text, finishReason(plan))),
      usage,
    }),
    *events() {
      const withUsage = asObject(body.stream_options).include_usage === true;
      const chunk = (part: object): EchoEvent => ({
        data: { ...head, choices: [part], ...(withUsage ? { usage: null } : {}) },
      });
      for (const [index, plan] of plans.entries()) {
        for (const delta of splitIntoDeltas(plan.text)) yield chunk(choice(index, delta, null));
        yield chunk(choice(index, '', finishReason(plan)));
      }
      if (withUsage) yield { data: { ...head, choices: [], usage } };
      yield { data: '[DONE]' };
    },
  };
}

/** `prompt` is a text, texts, token numbers, or lists of token numbers: one answer for each. */
function readPrompts(prompt: unknown): string[] {
  if (typeof prompt === 'string') return [prompt];
  if (!Array.isArray(prompt) || prompt.length === 0 || typeof prompt[0] === 'number') return [''];
  return prompt.slice(0, MAX_PROMPTS).map((item) => (typeof item === 'string' ? item : ''));
}

function total(plans: Plan[], measure: (plan: Plan) => number): number {
  return plans.reduce((sum, plan) => sum + measure(plan), 0);
}

function choice(index: number, text: string, finish_reason: string | null): object {
  return { text, index, logprobs: null, finish_reason };
}

function finishReason(plan: Plan): string {
  return plan.ending === 'length' ? 'length' : 'stop';
}
