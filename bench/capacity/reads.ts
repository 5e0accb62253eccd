import { atMost, type Measurement, type Row } from '../row.ts';
import { startMeteredDesk } from './desk.ts';
import { seedHeads } from './seed-tickets.ts';

/** Reading a ticket, a page of a queue, and the sweep when nothing is due, with few and with many open tickets. */
export const readCapacity: Measurement = async (bench) => {
  bench.progress('capacity of reads');
  const desk = await startMeteredDesk(bench);
  try {
    const rows: Row[] = [];
    const inTeam = 500;
    const many = bench.quick ? 2_000 : 10_000;
    let id = '';
    for (let index = 0; index < 10; index += 1) id = await desk.create('/v1/tickets', desk.newTicket, 'agent');

    const read = async (what: string, limit: number, act: () => Promise<unknown>): Promise<void> => {
      desk.meter.take();
      await act();
      rows.push(atMost(what, desk.meter.take().all.rru, limit, 'RRU'));
    };
    const get = (path: string, query: Record<string, string> = {}) =>
      desk.call({ method: 'GET', path, query, subject: 'agent' });

    await get(`/v1/tickets/${id}`);
    await read('read a ticket', 1, () => get(`/v1/tickets/${id}`));
    await read('idle sweep, 10 open tickets', 4, () => desk.sweep());

    const { head } = await desk.images(id);
    const seed = { createdAt: desk.time.now, dueAt: desk.time.now + 4 * 3_600_000 };
    await seedHeads(desk.raw, desk.names.operations, head, { ...seed, count: inTeam - 10 });
    const queue = { teamId: desk.teamId, limit: '50' };
    await get('/v1/tickets', queue);
    await read(`queue page of 50, ${inTeam} tickets in the team`, 4, () => get('/v1/tickets', queue));
    await seedHeads(desk.raw, desk.names.operations, head, { ...seed, count: many - inTeam });
    await read(`idle sweep, ${many} open tickets`, 4, () => desk.sweep());
    await read(`queue page of 50, ${many} tickets in the team`, 4, () => get('/v1/tickets', queue));
    return rows;
  } finally {
    await desk.stop();
  }
};
