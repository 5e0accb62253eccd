import type { Json, RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { backupSettings, ended, startDrill, startDrillDesk, waitedFor } from './drills.ts';
import { Writers } from './writers.ts';

/** What a drill must have called lost: events recorded before the disaster that the copy has not. */
export interface Lost {
  /** Of the client's own tickets, by their timelines. */
  readonly own: readonly string[];
  /** What else the desk wrote down. */
  readonly others: readonly string[];
  readonly oldestAt: string | null;
}

/** What drills and the watch over backups write down about themselves counts as no loss. */
const ofDrills = /^(DRL|DPL|BKR|BKW)#/;

/** Each way to bring a table back. */
export const methods: readonly (readonly [string, object])[] = [
  ['a fresh backup', { method: 'backup', recoveryPoint: 'fresh' }],
  ['the newest backup', { method: 'backup', recoveryPoint: 'newest' }],
  ['point-in-time recovery', { method: 'pitr' }],
];

/** A desk, its account, and a client that knows nothing of it but HTTP. */
export class Loss {
  readonly desk: RunningDesk;
  readonly account: Account;
  readonly writers: Writers;
  readonly customerId: string;

  private constructor(desk: RunningDesk, account: Account, customerId: string) {
    this.desk = desk;
    this.account = account;
    this.customerId = customerId;
    this.writers = new Writers(desk.desk.url, desk.tokens);
  }

  /** With some tickets of more than a minute ago, so that there is something to lose, canaries, and a manifest to check by. */
  static async begin(): Promise<Loss> {
    const desk = await startDrillDesk();
    const loss = new Loss(desk, await Account.of(desk), await desk.customer());
    const quick = { backupSeconds: 4, restoreSeconds: 4, pitrLagSeconds: 5, eventDelaySeconds: 1 };
    await backupSettings(desk, quick);
    for (const client of [0, 1]) await loss.writers.story(loss.customerId, client);
    await desk.timeTo((await desk.now()) + 3 * 60_000);
    return loss;
  }

  /** A drill with writers that write from before its request until `until` holds; then time passes until it is over. */
  async drillUnderWrites(order: object, until: (drill: Json) => boolean): Promise<Json> {
    const { desk, writers } = this;
    await writers.start(this.customerId);
    try {
      const { id } = await startDrill(desk, order);
      await waitedFor(desk, id, 'the writers may stop', until);
      await writers.stop();
      return await ended(desk, id);
    } finally {
      await writers.stop();
    }
  }

  /** The copy is restored once more and read; the client's writes are read by its timelines, all others from the table. */
  async lostBy(drill: Json): Promise<Lost> {
    const { account } = this;
    const copy = await account.eventsOfCopy(drill);
    if (copy.size === 0) throw new Error('the copy has no event');
    const isLost = (key: string, recordedAt: string): boolean => recordedAt <= drill.declaredAt && !copy.has(key);
    const written = await this.writers.events();
    const own = [...written].filter(([key, recordedAt]) => isLost(key, recordedAt)).map(([key]) => key);
    const source = await account.events(account.operations);
    const strange = [...written.keys()].filter((key) => !source.has(key));
    if (strange.length > 0) throw new Error(`timelines tell of what the table has not: ${strange.slice(0, 3)}`);
    const lost = [...source.values()].filter(({ key, recordedAt }) => isLost(key, recordedAt) && !ofDrills.test(key));
    const oldestAt = lost.map(({ recordedAt }) => recordedAt).sort()[0] ?? null;
    return { own, others: lost.map(({ key }) => key).filter((key) => !written.has(key)), oldestAt };
  }

  close(): void {
    this.account.close();
  }
}

/** Counted by the drill, against what the client and whoever reads the tables count. */
export const expectExact = (drill: Json, { own, others, oldestAt }: Lost): void => {
  const { verdict, reasons, rpo } = drill;
  expect([verdict, verdict === 'passed' ? [] : reasons]).toEqual(['passed', []]);
  expect([others, rpo.lostRecords, rpo.oldestLostAt]).toEqual([[], own.length, oldestAt]);
};
