/**
 * How much time of a processor this process used since, in milliseconds: for work that must not take long, on a
 * machine that may have other things to do.
 */
export function cpuTimer(): () => number {
  const started = process.cpuUsage();
  return () => process.cpuUsage(started).user / 1_000;
}
