type Write = (details: object, message: string) => void;

/** The part of a pino logger that the store uses. */
export interface StoreLog {
  info: Write;
  warn: Write;
  error: Write;
}

/** Where no logger is given. */
export const silentLog: StoreLog = { info: () => {}, warn: () => {}, error: () => {} };
