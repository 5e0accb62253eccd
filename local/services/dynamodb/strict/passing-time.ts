import type { VirtualClock } from '../../../clock/virtual-clock.ts';

/**
 * The time in which throughput is counted: a second has passed when it has by the wall or by the virtual clock, whichever
 * goes faster. By virtual time alone a limit would never be free again while an advance stands still and its workers try
 * again; by wall time alone an advance over a day would have to take the day's writes within its few seconds.
 */
export const passingTime = (
  clock: Pick<VirtualClock, 'now'>,
  wall: () => number = () => performance.now(),
): (() => number) => {
  let passed = 0;
  let last = { virtual: clock.now(), wall: wall() };
  return () => {
    const now = { virtual: clock.now(), wall: wall() };
    passed += Math.max(0, now.virtual - last.virtual, now.wall - last.wall);
    last = now;
    return passed;
  };
};
