import { FaultRegistry } from '../../../local/faults/fault-registry.ts';

it('strikes as often as asked, the oldest first, only for its target and kind', () => {
  const faults = new FaultRegistry();
  faults.add({ target: 'sns', fault: 'throttle', count: 2, probability: 1 });
  const { id } = faults.add({ target: 'sns', fault: 'drop', count: 1, probability: 1 });
  expect(faults.take('queue', ['throttle'])).toBeNull();
  expect(faults.take('sns', ['delay'])).toBeNull();
  expect([1, 2, 3, 4].map(() => faults.take('sns', ['drop', 'throttle']))).toEqual([
    'throttle',
    'throttle',
    'drop',
    null,
  ]);
  expect(faults.list().find((one) => one.id === id)).toMatchObject({ applied: 1, count: 1 });
  faults.clear();
  expect(faults.list()).toEqual([]);
});

it('strikes by chance, repeatably for a seed', () => {
  const strikes = (seed: number) => {
    const faults = new FaultRegistry(seed);
    faults.add({ target: 'worker', fault: 'crash-before', count: 1_000_000, probability: 0.3 });
    return Array.from({ length: 1000 }, () => faults.take('worker', ['crash-before']) !== null);
  };
  expect(strikes(7)).toEqual(strikes(7));
  const share = strikes(7).filter(Boolean).length / 1000;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.35);
});
