import { closeSync, openSync, readSync } from 'node:fs';

const FILE_HEADER_BYTES = 100;
const FILE_MAGIC = 'SQLite format 3\0';
/** Offset of `PRAGMA user_version` in page 1 (https://www.sqlite.org/fileformat2.html, section 1.3). */
const USER_VERSION_AT = 60;
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** First word of a log; its last bit says whether checksums read big-endian words. */
const LOG_MAGIC = 0x377f0682;

/**
 * `PRAGMA user_version` as SQLite would answer it, read from the bytes of the file and its write-ahead log.
 * Opening a WAL database, even read-only, makes and changes files beside it; this touches nothing.
 * Never call it on a file that this process has open: closing it drops SQLite's locks.
 * @returns undefined when neither file nor log has a readable page 1
 */
export function readUserVersion(path: string): number | undefined {
  return withFile(`${path}-wal`, versionInLog) ?? withFile(path, versionInFile);
}

function versionInFile(file: number): number | undefined {
  const header = readExactly(file, 0, FILE_HEADER_BYTES);
  if (header?.toString('latin1', 0, FILE_MAGIC.length) !== FILE_MAGIC) return undefined;
  return header.readInt32BE(USER_VERSION_AT);
}

/** Walks the valid frames as recovery does (fileformat2, section 4) and keeps the last committed page 1. */
function versionInLog(file: number): number | undefined {
  const header = readExactly(file, 0, LOG_HEADER_BYTES);
  if (!header || header.readUInt32BE(0) >>> 1 !== LOG_MAGIC >>> 1) return undefined;
  const checksum = new LogChecksum((header.readUInt32BE(0) & 1) === 1);
  checksum.add(header.subarray(0, 24));
  if (!checksum.matches(header, 24)) return undefined;

  const pageBytes = header.readUInt32BE(8);
  const salts = header.subarray(16, 24);
  let pending: number | undefined;
  let committed: number | undefined;
  for (let at = LOG_HEADER_BYTES; ; at += FRAME_HEADER_BYTES + pageBytes) {
    const frame = readExactly(file, at, FRAME_HEADER_BYTES + pageBytes);
    if (!frame?.subarray(8, 16).equals(salts)) return committed;
    checksum.add(frame.subarray(0, 8));
    checksum.add(frame.subarray(FRAME_HEADER_BYTES));
    if (!checksum.matches(frame, 16)) return committed;
    if (frame.readUInt32BE(0) === 1) pending = frame.readInt32BE(FRAME_HEADER_BYTES + USER_VERSION_AT);
    const endsTransaction = frame.readUInt32BE(4) !== 0;
    if (endsTransaction) committed = pending;
  }
}

/** The running checksum of fileformat2, section 4.2. */
class LogChecksum {
  readonly #bigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  add(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 8) {
      this.#first = (this.#first + this.#word(bytes, at) + this.#second) >>> 0;
      this.#second = (this.#second + this.#word(bytes, at + 4) + this.#first) >>> 0;
    }
  }

  matches(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second;
  }

  #word(bytes: Buffer, at: number): number {
    return this.#bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  }
}

function withFile(path: string, read: (file: number) => number | undefined): number | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return read(file);
  } finally {
    closeSync(file);
  }
}

function readExactly(file: number, position: number, length: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(length);
  return readSync(file, buffer, 0, length, position) === length ? buffer : undefined;
}
