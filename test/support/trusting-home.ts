import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';

/** NSS's tool, which is not Windows' of the same name. */
export const certutil = process.platform === 'linux' ? findProgram('certutil') : undefined;

/** A home folder whose user has told Chromium to trust an authority, by the line the product shows. @param ca PEM */
export function trustingHome(folder: string, ca: string): string {
  const db = join(folder, '.pki/nssdb');
  mkdirSync(db, { recursive: true });
  const file = join(folder, 'ca.crt');
  writeFileSync(file, ca);
  const run = (...args: string[]) =>
    execFileSync(certutil as string, ['-d', `sql:${db}`, ...args], { stdio: 'pipe' });
  run('-N', '--empty-password');
  run('-A', '-t', 'C,,', '-n', 'notokenlimit', '-i', file);
  return folder;
}
