/** Working time as the desk's default policy promises it: Monday to Friday, 9 to 17, on the clocks of a zone. */

const dayMs = 86_400_000;
const opens = 9;
const closes = 17;

/** How far the clocks of the zone are ahead of UTC at an instant, in milliseconds, read off the clocks themselves. */
const offsets = (zone: string): ((at: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day, hour, minute, second } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
};

/** The working time between two instants, in milliseconds. */
export const workingTime = (zone: string): ((from: number, to: number) => number) => {
  const offset = offsets(zone);
  const known = new Map<number, readonly [number, number]>();
  /** Both ends of a working day; no zone here sets its clocks between 9 and 17. */
  const hoursOf = (day: number): readonly [number, number] => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const at = (hour: number): number => {
      const shown = day * dayMs + hour * 3_600_000;
      return shown - offset(shown - offset(shown));
    };
    const hours = [at(opens), at(closes)] as const;
    known.set(day, hours);
    return hours;
  };
  return (from, to) => {
    let sum = 0;
    for (let day = Math.floor(from / dayMs) - 1; day * dayMs <= to + dayMs; day += 1) {
      const weekday = new Date(day * dayMs).getUTCDay();
      if (weekday === 0 || weekday === 6) continue;
      const [begin, end] = hoursOf(day);
      sum += Math.max(0, Math.min(end, to) - Math.max(begin, from));
    }
    return sum;
  };
};
