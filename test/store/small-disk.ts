import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Why no small disk can be made here, or undefined. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'tmpfs is a Linux file system';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  try {
    const dir = mount('64k');
    unmount(dir);
    return undefined;
  } catch {
    return 'this container may not mount';
  }
}

/** A disk of `size` (as tmpfs writes it: `1m`), gone after the test. */
export function smallDisk(size: string): string {
  const dir = mount(size);
  onTestFinished(() => unmount(dir));
  return dir;
}

export function setReadOnly(dir: string, readOnly: boolean): void {
  execFileSync('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, dir]);
}

function mount(size: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'ntl-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir], { stdio: 'ignore' });
  return dir;
}

function unmount(dir: string): void {
  execFileSync('umount', ['--lazy', dir]);
  rmSync(dir, { recursive: true, force: true });
}
