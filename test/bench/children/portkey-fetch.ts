/**
 * Loaded before Portkey's published bundle, which changes the headers of fetch's response of a stream and answers
 * 500 since those cannot be changed: hands it a response whose headers can.
 */
const { fetch } = globalThis;

globalThis.fetch = async (...call) => {
  const { body, status, statusText, headers } = await fetch(...call);
  return new Response(body, { status, statusText, headers: new Headers(headers) });
};
