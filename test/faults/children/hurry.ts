/** Loaded before the gateway: what would wait for five seconds or longer comes after a tenth of one. */
const LONG_MS = 5_000;
const SOON_MS = 100;

function hurried<Timer extends (work: () => void, ms?: number) => NodeJS.Timeout>(real: Timer): Timer {
  return new Proxy(real, {
    apply: (target, self, [work, ms, ...rest]) =>
      Reflect.apply(target, self, [work, ms >= LONG_MS ? SOON_MS : ms, ...rest]),
  });
}

globalThis.setTimeout = hurried(globalThis.setTimeout);
globalThis.setInterval = hurried(globalThis.setInterval);
