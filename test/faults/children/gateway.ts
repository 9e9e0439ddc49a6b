/**
 * A gateway as a process of its own, for what only a process can show: kills, its own output, another clock.
 * It prints `{"loaded":true}` once its code is there, takes one line with the options of `createGateway` on
 * stdin, and prints `{"url","adminToken","key"}` or `{"failed"}`. The line `"look"` makes it print `{"level"}`, what it
 * holds of the system; `{"clock":ms}` sets its clock (`clock-shift.ts`). Any other stops it, and so does the end of
 * stdin.
 */
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGateway } from '../../../gateway/gateway.ts';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';

function print(line: Record<string, unknown>): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** Timers and handles that Node itself keeps an event loop alive for. */
function level(): Record<string, number> {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const resources = process.getActiveResourcesInfo();
  const { heapUsed, external } = process.memoryUsage();
  return {
    sockets: resources.filter((name) => /^(TCPSocketWrap|TLSWrap|GetAddrInfoReqWrap)$/.test(name)).length,
    timers: resources.filter((name) => name === 'Timeout').length,
    bytes: heapUsed + external,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
// A killed process keeps no cache of its own accord.
flushCompileCache();
print({ loaded: true });
const { value } = await lines.next();
try {
  const options = JSON.parse(String(value));
  const gateway = await createGateway({ vault: 'file', logLevel: 'debug', ...options });
  const url = await gateway.listen('127.0.0.1', 0);
  const adminToken = readRuntimeFile(options.dataDir)?.adminToken ?? '';
  print({ url, adminToken, key: gateway.firstKey });
  for (;;) {
    const line = await lines.next();
    const asked = JSON.parse(line.value ?? 'null');
    if (asked === 'look') print({ level: level() });
    else if (typeof asked?.clock === 'number') {
      Object.assign(globalThis, { clockShift: asked.clock });
      print({ clock: asked.clock });
    } else break;
  }
  await gateway.stop();
  print({ stopped: true });
} catch (error) {
  print({ failed: String(error) });
}
process.exit(0);
