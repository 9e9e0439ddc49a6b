import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

// Test files and the programs they start share most of their code: it is compiled once.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), `ntl-test-code-${process.getuid?.() ?? 0}`);

/** These put something in the place of a module, or of the whole page: each file has a process of its own. */
const ALONE = ['test/electron/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/*.test.ts'];
const ALL = 'test/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      // What they import is loaded once: that takes a third to two thirds of the processor's time.
      { extends: true, test: { name: 'shared', include: [ALL], exclude: ALONE, isolate: false } },
    ],
    // Every wait is for a condition: a generous limit costs nothing, and a slow machine fails no test.
    testTimeout: 60_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    // As `ntl` and the desktop app start.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Most tests wait for other processes and for sockets: with one worker a core a third of the processor was idle.
    // With two, pages become so slow that their tests run out of time.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { sequencer: SlowFirst },
    globalSetup: './test/support/build.ts',
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
