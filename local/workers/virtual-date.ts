/**
 * Gives a worker virtual time: `Date.now()`, `new Date()` and `Date()` read the cells that the clock writes
 * (`clock/clock-cells.ts`). Timers and `performance.now()` stay wall time. Installed before the bundle loads.
 */
export const installVirtualDate = (buffer: SharedArrayBuffer): void => {
  const cells = new BigInt64Array(buffer);
  const RealDate = Date;
  const wallNow = RealDate.now.bind(RealDate);
  const now = (): number => {
    const frozen = Atomics.load(cells, 1);
    return frozen !== 0n ? Number(frozen) : wallNow() + Number(Atomics.load(cells, 0));
  };
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, argumentList, newTarget) =>
      Reflect.construct(target, argumentList.length === 0 ? [now()] : argumentList, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;
};
