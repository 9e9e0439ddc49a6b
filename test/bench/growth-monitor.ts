/**
 * Loaded into a gateway's process ahead of it. Between the messages `reset` and `look` of whoever started the process
 * it watches every turn of the event loop, and then tells the longest stall, the longest turn, and how long all turns were that did
 * anything. Asked for `live` it collects garbage and tells the memory that is still used.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const RESOLUTION_MS = 1;
/** A turn in which nothing happens but this watch takes less, ms. */
const NOTHING_MS = 0.05;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let watching = false;
let [longestMs, busyMs] = [0, 0];
let before = performance.now();

function turn(): void {
  const ms = performance.now() - before;
  if (ms > NOTHING_MS) busyMs += ms;
  longestMs = Math.max(longestMs, ms);
  before = performance.now();
  if (watching) setImmediate(turn);
}

process.on('message', (asked) => {
  if (asked === 'reset') {
    watching = true;
    delay.enable();
    delay.reset();
    [longestMs, busyMs] = [0, 0];
    before = performance.now();
    setImmediate(turn);
    process.send?.({});
    return;
  }
  if (asked === 'live') {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ liveBytes: heapUsed + external });
    return;
  }
  // The loop must turn once more for a stall that ends with this message to be seen.
  setTimeout(() => {
    watching = false;
    delay.disable();
    const stallMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
    process.send?.({ stallMs, longestMs, busyMs });
  }, 2 * RESOLUTION_MS);
});
// The gateway's end must not wait for whoever watches it.
process.channel?.unref();
