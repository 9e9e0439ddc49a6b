import { badMessage } from './fields.ts';

/** How the pictures begin that models take, in base64. */
const BEGINNINGS: readonly (readonly [beginning: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

/**
 * Ollama's pictures are base64 without a word of what they are. What is unknown is sent as PNG: the provider says
 * what is wrong with it.
 * @returns parts of a chat message
 * @throws GatewayError `invalid_messages`
 */
export function imageParts(images: unknown, path: string): object[] {
  if (images === undefined || images === null) return [];
  if (!Array.isArray(images)) throw badMessage(`${path}`, 'must be an array of base64 strings.');
  return images.map((image: unknown, index) => {
    if (typeof image !== 'string' || image === '')
      throw badMessage(`${path}[${index}]`, 'must be a picture in base64.');
    return { type: 'image_url', image_url: { url: image.startsWith('data:') ? image : asUrl(image) } };
  });
}

function asUrl(image: string): string {
  const known = BEGINNINGS.find(([beginning]) => image.startsWith(beginning));
  return `data:${known?.[1] ?? 'image/png'};base64,${image}`;
}
