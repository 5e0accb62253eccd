import { eventually, type Json, type RunningDesk } from '../running-desk.ts';
import type { Account } from './account.ts';
import { isOver, startDrill } from './drills.ts';

const second = 1000;

/** A fault of `/_local/faults` that kills whoever does the next thing to which it can happen. */
export interface Blow {
  readonly target: 'worker' | 'backup' | 'dynamodb' | 's3' | 'queue';
  readonly fault: 'crash-before' | 'crash-after';
}

export const blows: readonly Blow[] = (['worker', 'backup', 'dynamodb', 's3', 'queue'] as const).flatMap((target) =>
  (['crash-before', 'crash-after'] as const).map((fault) => ({ target, fault })),
);

export interface Killed {
  readonly drill: Json;
  /** Faults that have struck. */
  readonly struck: number;
}

/** The blow that lies ready may hit whoever answers this. */
const seen = (desk: RunningDesk, id: string): Promise<Json> =>
  eventually(`drill ${id} is answered`, 10, async () => {
    const { status, body } = await desk.as('auditor', `/v1/drills/${id}`);
    return status === 200 ? body : null;
  });

/**
 * A drill of which somebody is killed on the way: before each step of time the next blow lies ready, beginning with the `from`th.
 * Which invocation it hits is chance; that it hits some is counted.
 */
export const drillUnderBlows = async (
  desk: RunningDesk,
  order: readonly Blow[],
  from = 0,
  asked: object = { recoveryPoint: 'fresh' },
): Promise<Killed> => {
  const { id } = await startDrill(desk, asked);
  for (let turn = 0; turn < 120; turn += 1) {
    const drill = await seen(desk, id);
    if (isOver(drill) && drill.report !== null) {
      const { items } = await desk.ask('/_local/faults');
      const struck = items.reduce((sum: number, { applied }: Json) => sum + applied, 0);
      await desk.as('admin', '/_local/faults', { method: 'DELETE' });
      return { drill, struck };
    }
    const blow = order[(from + turn) % order.length];
    if (blow !== undefined && turn < Math.max(15, 3 * order.length)) await desk.fault(blow.target, blow.fault, 1);
    await desk.timeTo((await desk.now()) + 20 * second);
  }
  throw new Error(`drill ${id} is still ${(await seen(desk, id)).state}`);
};

/** Whatever happened on the way: one end, one restore (by point-in-time recovery no job of AWS Backup), one conclusion, nothing left behind. */
export const expectWhole = async (
  account: Account,
  { id, method, state, verdict, reasons, report }: Json,
): Promise<void> => {
  expect([state, verdict, verdict === 'passed' ? [] : reasons]).toEqual(['done', 'passed', []]);
  expect(await account.scratchTables()).toEqual([]);
  expect(await account.restoresOf(id)).toBe(method === 'backup' ? 1 : 0);
  const types = [...(await account.events(account.operations)).values()]
    .filter(({ key }) => key.startsWith(`DRL#${id} `))
    .map(({ type }) => type);
  const count = (type: string): number => types.filter((one) => one === type).length;
  expect([count('drill.requested'), count('drill.concluded'), count('drill.reported')]).toEqual([1, 1, 1]);
  expect(report.sha256).toMatch(/^[0-9a-f]{64}$/);
};
