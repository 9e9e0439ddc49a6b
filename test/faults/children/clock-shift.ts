/** Loaded before the gateway: its wall clock is off by CLOCK_SHIFT_MS, as if somebody had set it. */
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const now = Date.now.bind(Date);
Date.now = () => now() + shift;

const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now() + shift] : args),
});
