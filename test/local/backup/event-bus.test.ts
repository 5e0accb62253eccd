import { FaultRegistry } from '../../../local/faults/fault-registry.ts';
import { EventBus } from '../../../local/services/backup/event-bus.ts';
import { ManualClock } from '../services/manual-clock.ts';
import { backupCloud } from './backup-cloud.ts';

const sentOf = (seed: number | null) => {
  const sent: { body: string; delay: number }[] = [];
  const bus = new EventBus({
    model: backupCloud,
    clock: new ManualClock(),
    queues: {
      receive: () => [],
      delete: () => {},
      changeVisibility: () => {},
      onVisible: () => () => {},
      depth: () => ({ visible: 0, inFlight: 0, delayed: 0 }),
      send: (_queue, body, delay) => sent.push({ body, delay }),
    },
    faults: new FaultRegistry(1),
    strict: seed === null ? null : { seed },
    delaySeconds: () => 7,
  });
  const emit = (detailType: string, detail: object) =>
    bus.emit({ source: 'aws.backup', detailType, resources: [], detail: { ...detail } });
  for (let number = 0; number < 100; number += 1) emit('Backup Job State Change', { number, state: 'COMPLETED' });
  emit('Backup Job State Change', { number: 100, state: 'RUNNING' });
  emit('Copy Job State Change', { number: 101, state: 'COMPLETED' });
  return sent.map(({ body, delay }) => ({ number: JSON.parse(body).detail.number, delay }));
};

it('brings each event that the pattern fits once, late', () =>
  expect(sentOf(null)).toEqual(Array.from({ length: 100 }, (_, number) => ({ number, delay: 7 }))));

it('strictly loses some and repeats others, by the seed', () => {
  const counts = new Map<number, number>();
  for (const { number } of sentOf(5)) counts.set(number, (counts.get(number) ?? 0) + 1);
  const twice = [...counts.values()].filter((times) => times === 2).length;
  expect(100 - counts.size).toBeGreaterThan(5);
  expect(twice).toBeGreaterThan(5);
  expect(counts.size - twice).toBeGreaterThan(30);
  expect(sentOf(5)).toEqual(sentOf(5));
  expect(sentOf(6)).not.toEqual(sentOf(5));
});
