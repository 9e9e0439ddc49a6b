/**
 * Loaded before the gateway: its wall clock is off by CLOCK_SHIFT_MS, as if somebody had set it; setting
 * `clockShift` sets it anew while it runs.
 */
const clock = globalThis as typeof globalThis & { clockShift: number };
clock.clockShift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const now = Date.now.bind(Date);
Date.now = () => now() + clock.clockShift;

const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) =>
    Reflect.construct(target, args.length === 0 ? [now() + clock.clockShift] : args),
});
