/** Where the services answer: owners type base URLs every way. */
import type { NativeKind } from './kinds.ts';

/**
 * The base URL under which the AI SDK puts its paths.
 * - Gemini: `<root>/v1beta`, from a root with or without a version and `/openai`
 * - Bedrock: as typed
 * - Vertex: as typed up to `projects/P/locations/L`, else the root with its version (express mode), each with
 *   `/publishers/google`; models that were tuned (`endpoints/ID`) stand beside it
 * @param model as its owner named it
 */
export function nativeBase(kind: NativeKind, baseUrl: string, model: string): string {
  const url = new URL(baseUrl);
  const typed = url.pathname.split('/').filter((segment) => segment !== '');
  const path = (segments: readonly string[]) =>
    url.origin + segments.map((segment) => `/${segment}`).join('');
  switch (kind) {
    case 'bedrock':
      return path(typed);
    case 'google':
      return path([...typed.filter((segment) => !/^(?:openai|v\d\w*)$/.test(segment)), 'v1beta']);
    case 'vertex': {
      const root = typed.slice(0, end(typed));
      const versioned = root.some((segment) => /^v\d/.test(segment)) ? root : ['v1', ...root];
      return path(model.startsWith('endpoints/') ? versioned : [...versioned, 'publishers', 'google']);
    }
  }
}

/** A pasted `/publishers/google/models/…` is cut off. */
function end(typed: readonly string[]): number {
  const publishers = typed.indexOf('publishers');
  return publishers === -1 ? typed.length : publishers;
}

/** For an address that tells none, such as a proxy's. */
const USUAL_REGION = 'us-east-1';

/**
 * The region of Bedrock, for signatures: `bedrock-runtime.REGION.amazonaws.com`, of China, FIPS and private
 * endpoints too. https://docs.aws.amazon.com/general/latest/gr/bedrock.html
 */
export function bedrockRegion(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  return (
    /(?:^|\.)bedrock(?:-runtime)?(?:-fips)?\.([a-z]{2,5}(?:-[a-z]+)+-\d+)\./.exec(hostname)?.[1] ??
    USUAL_REGION
  );
}

/** A model as the AI SDK takes it: owners also type the names that Vertex gives it elsewhere. */
export function modelPath(kind: NativeKind, model: string): string {
  return kind === 'vertex' ? model.replace(/^(?:publishers\/)?google\/(?:models\/)?/, '') : model;
}

/** Where Bedrock lists its models: another host than that which runs them. */
export function bedrockControl(baseUrl: string): string {
  return nativeBase('bedrock', baseUrl, '').replace(/(\/\/(?:[^/]+\.)?bedrock)-runtime/, '$1');
}
