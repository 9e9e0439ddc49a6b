/** What was written into tools' files, so that it can be taken back to the byte: one file a tool in the data folder. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Written } from '../editing/write-entries.ts';
import type { FormatName } from './tool-setup.ts';

export interface FileRecord {
  path: string;
  format: FormatName;
  /** Bytes before, base64; null where there was no file. They may hold secrets of other services. */
  before: string | null;
  /** SHA-256 of what was written. */
  after: string;
  /** The key stands as KEY_PLACEHOLDER. */
  written: Written[];
  /** Made for the file, outermost first. */
  folders: string[];
}

export interface ToolRecord {
  version: 1;
  tool: string;
  /** Wall-clock ms. */
  at: number;
  keyId: string;
  /** SHA-256 of the key, by which it is known in files; the key itself is kept in the tool's files alone. */
  keyHash: string;
  model: string;
  smallModel: string;
  origin: string;
  files: FileRecord[];
}

export class Records {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'connected');
  }

  /** @returns null where the tool is not connected */
  get(tool: string): ToolRecord | null {
    try {
      const record = JSON.parse(readFileSync(this.#path(tool), 'utf8'));
      return record.version === 1 ? record : null;
    } catch {
      return null;
    }
  }

  list(): ToolRecord[] {
    return this.#names().flatMap((name) => this.get(name) ?? []);
  }

  put(record: ToolRecord): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(record.tool);
    writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  remove(tool: string): void {
    rmSync(this.#path(tool), { force: true });
  }

  #path(tool: string): string {
    return join(this.#folder, `${tool}.json`);
  }

  #names(): string[] {
    try {
      const files = readdirSync(this.#folder).filter((name) => name.endsWith('.json'));
      return files.map((name) => name.slice(0, -'.json'.length)).sort();
    } catch {
      return [];
    }
  }
}
