/** Errors as Amazon Bedrock tells them: the kind in a header, the message alone in the body (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors). */
import type { Refusal } from '../refusal.ts';

const BY_STATUS: Readonly<Record<number, readonly [kind: string, message: string]>> = {
  400: ['ValidationException', 'The input fails to satisfy the constraints.'],
  403: ['AccessDeniedException', 'You do not have access to the model with the specified model ID.'],
  404: ['ResourceNotFoundException', 'The specified resource was not found.'],
  408: ['ModelTimeoutException', 'Model has timed out in processing the request. Try your request again.'],
  424: ['ModelErrorException', 'The request failed due to an error while processing the model.'],
  429: ['ThrottlingException', 'Too many requests, please wait before trying again.'],
  500: [
    'InternalServerException',
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  503: ['ServiceUnavailableException', 'Bedrock is unable to process your request.'],
};

export function bedrockError(message: string, status = 400, kind?: string): Refusal {
  const [usual] = BY_STATUS[status] ?? ['InternalServerException'];
  return {
    status,
    body: { message },
    headers: {
      'x-amzn-errortype': `${kind ?? usual}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    },
  };
}

export function bedrockUsualError(status: number, message: string | undefined): Refusal {
  return bedrockError(message ?? BY_STATUS[status]?.[1] ?? 'Unknown error', status);
}
