import { MetricStore, minuteMs } from '../../../local/metrics/metric-store.ts';

const metric = { namespace: 'N', name: 'M', dimensions: { a: '1', b: '2' } };
const at = (minutes: number): number => minutes * minuteMs;

it('joins what falls into one minute, and minutes into a period', () => {
  const store = new MetricStore(180);
  store.add(metric, 4, at(1));
  store.add(metric, 1, at(2) - 1);
  store.add({ ...metric, dimensions: { b: '2', a: '1' } }, 10, at(2));
  expect(store.between(metric, at(1), at(2))).toEqual({ sum: 5, count: 2, minimum: 1, maximum: 4 });
  expect(store.between(metric, at(0), at(5))).toEqual({ sum: 15, count: 3, minimum: 1, maximum: 10 });
  expect(store.between(metric, at(3), at(5))).toBeNull();
});

it('keeps metrics of other dimensions apart', () => {
  const store = new MetricStore(180);
  store.add({ ...metric, dimensions: {} }, 1, at(1));
  expect(store.between(metric, at(1), at(2))).toBeNull();
});

it('forgets minutes that nobody asks for any more', () => {
  const store = new MetricStore(3);
  for (let minute = 0; minute < 10; minute += 1) store.add(metric, 1, at(minute));
  expect(store.list('M', 0)[0]?.points.map((point) => point.at)).toEqual([6, 7, 8, 9].map(at));
  expect(store.list('M', at(9))[0]?.points).toHaveLength(1);
  expect(store.list('other', 0)).toEqual([]);
});
