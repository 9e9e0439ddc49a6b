/** Headers that are no setting of a provider: they carry a credential, or belong to the message. */

/** Names that carry a credential: those of the providers, and what services call theirs as a rule. Small letters. */
export const CREDENTIAL_NAME =
  /(^|-)(authorization|cookie2?|auth|api-?key|subscription-key|access-key|token|secret|password)$/;

/** Fields that frame the message, and belong to the connection. Small letters. */
export const FRAMING: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'content-encoding', 'expect', 'host', 'keep-alive'],
  ...['proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);
