import type { AttendPorts } from '../../functions/drills/use-cases/ports.ts';
import type { DrillDesk } from './drill-desk.ts';
import { type Answers, at, clean, done } from './step/way.ts';

class Killed extends Error {}

/** A drill that fails, with everything at the first look: so the ticket and the alert are written too. */
const failing: Answers = {
  'look-at-restore': [
    () => ({ of: 'look-at-restore', job: { state: 'completed', startedAt: null, completedAt: null, message: null } }),
  ],
  'look-at-table': [() => ({ of: 'look-at-table', table: { active: true, waitingFor: '' } })],
  rearm: [() => ({ of: 'rearm', done: true, waitingFor: '' })],
  compare: [() => ({ of: 'compare', progress: done, integrity: { ...clean, missing: 1 } })],
  'remove-table': [() => ({ of: 'remove-table', removed: true })],
};

/** The executor's ports, killed at its n-th call: before it reaches anything, or after, when the answer is lost. */
const killedAt = (ports: AttendPorts, n: number) => {
  const state = { calls: 0, killed: false };
  const guarded =
    <Arguments extends readonly unknown[], Answer>(call: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      const mine = state.calls;
      state.calls += 2;
      if (!state.killed && mine === n) {
        state.killed = true;
        throw new Killed();
      }
      const answer = await call(...given);
      if (!state.killed && mine + 1 === n) {
        state.killed = true;
        throw new Killed();
      }
      return answer;
    };
  const { drills } = ports;
  const dying: AttendPorts = {
    ...ports,
    drills: {
      find: (id) => drills.find(id),
      commit: guarded((...given: Parameters<typeof drills.commit>) => drills.commit(...given)),
      postpone: guarded((...given: Parameters<typeof drills.postpone>) => drills.postpone(...given)),
    },
    doing: { perform: guarded((...given: Parameters<typeof ports.doing.perform>) => ports.doing.perform(...given)) },
    report: guarded(ports.report),
    evidence: { keep: guarded(ports.evidence.keep) },
  };
  return { dying, state };
};

/** From ten o'clock to the end, by executors of which the first is killed once. */
const livedThrough = async (desk: DrillDesk, n: number): Promise<{ readonly id: string; readonly killed: boolean }> => {
  desk.clock.at = at('10:00:00');
  desk.reset(failing);
  const { body } = await desk.ask('POST', '/v1/drills', {
    body: { table: 'operations', method: 'backup', objectives: { rpoSeconds: 7200, rtoSeconds: 3600 } },
  });
  const { dying, state } = killedAt(desk.attendPorts, n);
  try {
    await desk.run(body.id, dying);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    await desk.run(body.id);
  }
  return { id: body.id, killed: state.killed };
};

/** The kills at the n-th, 2n-th, ... call of an executor, until one comes after the end: answers how many drills that were. */
export const killedEverywhere = async (desk: DrillDesk, every: number): Promise<number> => {
  const before = (await desk.alerts()).length;
  let drills = 0;
  for (let n = 0; ; n += every) {
    const { id, killed } = await livedThrough(desk, n);
    drills += 1;
    const read = await desk.drills.find(id);
    const events = await desk.eventsOf(`DRL#${id}`);
    const concluded = events.filter(({ type }) => type === 'drill.concluded');
    const reported = events.filter(({ type }) => type === 'drill.reported');
    expect([n, read?.drill.state, read?.drill.verdict, read?.dueAt]).toEqual([n, 'done', 'failed', null]);
    expect([n, concluded.length, reported.length, events.length]).toEqual([n, 1, 1, read?.drill.version]);
    expect([n, concluded[0]?.['facts'].length]).toEqual([n, 3]);
    const restores = desk.script.performed.filter((action) => action.do === 'start-restore');
    const tokens = restores.map((action) => action.do === 'start-restore' && action.token);
    expect([n, new Set(tokens).size]).toEqual([n, 1]);
    if (!killed) break;
  }
  const alerts = await desk.alerts();
  expect(alerts.length - before).toBe(drills);
  expect(new Set(alerts.map((alert) => alert['ticketId'])).size).toBe(drills);
  expect(await desk.ticketsTagged('restore-drill')).toHaveLength(drills);
  return drills;
};
