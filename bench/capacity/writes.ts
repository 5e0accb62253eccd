import { atMost, type Measurement, type Row, rounded } from '../row.ts';
import { type MeteredDesk, startMeteredDesk } from './desk.ts';
import { engineName } from './tables.ts';

const limit = 12;

const measure = async (desk: MeteredDesk, what: string, act: () => Promise<unknown>): Promise<Row> => {
  desk.meter.take();
  await act();
  const { wru, wruIndexesTwice } = desk.meter.take().all;
  return atMost(
    what,
    wru,
    limit,
    'WRU',
    `${engineName}; ${rounded(wruIndexesTwice)} if indexes count twice in transactions`,
  );
};

/** The writes that a ticket's life consists of, with and without Idempotency-Key, every payload below 1 KB. */
export const writeCapacity: Measurement = async (bench) => {
  bench.progress('capacity of writes');
  const desk = await startMeteredDesk(bench);
  try {
    const rows: Row[] = [];
    const { newTicket: body } = desk;
    await desk.create('/v1/tickets', body, 'agent');
    const tickets: string[] = [];
    for (const key of [undefined, 'bench-create']) {
      const with_ = key === undefined ? '' : ', with Idempotency-Key';
      rows.push(
        await measure(
          desk,
          `create${with_}`,
          async () => void tickets.push(await desk.create('/v1/tickets', body, 'agent', key)),
        ),
      );
      const [id] = tickets.slice(-1);
      const post = (path: string, given: unknown) =>
        desk.call({
          method: 'POST',
          path: `/v1/tickets/${id}/${path}`,
          body: given,
          subject: 'agent',
          ...(key === undefined ? {} : { idempotencyKey: `${key}-${path}` }),
        });
      const reply = {
        body: 'We found a bad node behind the balancer and took it out. '.repeat(6).trim(),
        visibility: 'public',
        channel: 'email',
      };
      rows.push(await measure(desk, `public reply${with_}`, () => post('replies', reply)));
      rows.push(
        await measure(desk, `status change${with_}`, () =>
          post('status', { status: 'resolved', reason: 'fixed', note: 'Node replaced.' }),
        ),
      );
    }
    const late = await desk.create('/v1/tickets', body, 'agent');
    desk.time.now += 3_601_000;
    rows.push(await measure(desk, 'breach claim with its alert', () => desk.attend(late)));
    return rows;
  } finally {
    await desk.stop();
  }
};
