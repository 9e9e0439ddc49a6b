/** Raised when what a line means changes; what is added to it is not such a change. */
export const FORMAT_VERSION = 1;
const FORMAT = 'notokenlimit-export';

/** The first line of an export. */
export interface ExportHead {
  format: typeof FORMAT;
  version: number;
  /** Number of the last migration of the database it came from. */
  schema: number;
  /** When it was made, ISO 8601. */
  at: string;
  /** Whether the rows of the audit log are there. */
  audit: boolean;
  /** Names of providers that had a credential, which is not there. */
  credentials: string[];
  /** What else had a secret and must be set up again, in words. */
  setUpAgain: string[];
}

/** The last line. The sum is SHA-256 over the bytes of all lines before, in hex. */
export interface ExportEnd {
  end: true;
  rows: number;
  sha256: string;
}

type Cell = string | number | null | { b64: string };
export type Row = Record<string, Cell>;

export interface RowLine {
  table: string;
  row: Row;
}

export function headLine(head: Omit<ExportHead, 'format' | 'version'>): string {
  return JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, ...head });
}

export function isHead(value: unknown): value is ExportHead {
  return (value as Partial<ExportHead> | null)?.format === FORMAT;
}

/** As SQLite gives it; blobs in base64, which JSON can hold. */
export function toRow(values: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? { b64: value.toString('base64') } : (value as Cell),
    ]),
  );
}

/** @returns undefined for what no column can hold */
export function fromCell(cell: unknown): string | number | null | Buffer | undefined {
  if (cell === null || typeof cell === 'string' || typeof cell === 'number') return cell;
  const { b64 } = cell as { b64?: unknown };
  return typeof b64 === 'string' ? Buffer.from(b64, 'base64') : undefined;
}
