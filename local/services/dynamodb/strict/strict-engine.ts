import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { TableModel } from '../../../model.ts';
import type { Strict } from '../../../strict.ts';
import type { Attributes } from '../attribute-value.ts';
import { type Engine, type EngineAnswer, type EngineRequest, isGood } from '../engine.ts';
import { type ItemRequest, type ItemRequests, itemRequests, keyOf } from '../item-requests.ts';
import { countedRead } from './counted-reads.ts';
import { EngineCalls } from '../engine-calls.ts';
import { Followers } from './followers.ts';
import { ImaginaryWriter } from './imaginary-writer.ts';
import { ItemsInFlight } from './items-in-flight.ts';
import { passingTime } from './passing-time.ts';
import { redirectedRead } from './stale-reads.ts';
import { throttled, throttledTransaction } from './throttles.ts';
import { Throughput } from './throughput.ts';

/**
 * The engine as DynamoDB is under load: transactions that conflict, keys that take so much a second, indexes and eventual
 * reads that are behind. The engine itself answers each request as it is, one after the other.
 */
export class StrictEngine implements Engine {
  readonly #engine: Engine;
  readonly #tables: ReadonlyMap<string, TableModel>;
  readonly #calls: EngineCalls;
  readonly #inFlight = new ItemsInFlight();
  readonly #imaginary: ImaginaryWriter;
  readonly #throughput: Throughput;
  readonly followers: Followers;

  constructor(options: {
    readonly engine: Engine;
    readonly tables: readonly TableModel[];
    readonly clock: VirtualClock;
    readonly wall: (() => number) | undefined;
    readonly strict: Strict;
    readonly log: (message: string) => void;
  }) {
    const { engine, tables, clock, wall, strict, log } = options;
    this.#engine = engine;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#calls = new EngineCalls(engine);
    this.#imaginary = new ImaginaryWriter(strict);
    this.#throughput = new Throughput(passingTime(clock, wall));
    this.followers = new Followers({ calls: this.#calls, clock, strict, log });
  }

  async answer(request: EngineRequest): Promise<EngineAnswer> {
    const requests = itemRequests(request.operation, request.json, this.#tables);
    if (requests === null) return this.#read(request);
    const leave = await this.#inFlight.enter(requests);
    try {
      this.#imaginary.meet(requests);
      return await this.#write(request, requests);
    } finally {
      leave();
    }
  }

  /** An item was removed past this engine: it expired. */
  expired(tableName: string, key: Attributes): void {
    const table = this.#tables.get(tableName);
    if (table !== undefined) this.followers.changed(table, keyOf(table, key), null);
  }

  async #read(request: EngineRequest): Promise<EngineAnswer> {
    const counted = countedRead(request.operation, request.json, this.#tables);
    if (counted !== null && this.#throughput.isReadOut(counted)) throw throttled(counted.key, 'Read');
    const redirected = redirectedRead(request, this.#tables);
    const answer = await this.#engine.answer(redirected?.request ?? request);
    if (!isGood(answer)) return answer;
    if (counted !== null) this.#throughput.read(counted, answer.body.length);
    return redirected?.restore(answer) ?? answer;
  }

  async #write(request: EngineRequest, requests: ItemRequests): Promise<EngineAnswer> {
    const writes = requests.items.filter(({ action }) => action !== 'Get');
    if (writes.length === 0) return this.#engine.answer(request);
    const before = await this.#calls.images(writes);
    this.#refuseSpent(requests, before);
    const answer = await this.#engine.answer(request);
    if (isGood(answer)) {
      const after = await this.#after(requests, writes, before);
      for (const [index, write] of writes.entries()) this.#done(requests, write, before[index], after[index]);
    } else {
      // A refused condition has cost the write of what was there.
      for (const [index, write] of writes.entries()) this.#charge(requests, write, before[index], before[index]);
    }
    return answer;
  }

  #refuseSpent({ items, kind }: ItemRequests, before: readonly (Attributes | null)[]): void {
    const spent = items.map((item, index) => this.#throughput.spentBy(item, before[index] ?? null));
    const first = spent.find((key) => key !== null);
    if (first === undefined || first === null) return;
    throw kind === 'transaction' ? throttledTransaction(spent) : throttled(first, 'Write');
  }

  /** The items after a good answer. A transaction that is repeated with its token may have changed nothing. */
  async #after(
    { kind }: ItemRequests,
    writes: readonly ItemRequest[],
    before: readonly (Attributes | null)[],
  ): Promise<readonly (Attributes | null)[]> {
    const known = kind !== 'transaction' && writes.every(({ action }) => action !== 'Update');
    if (known) return writes.map(({ item }) => item);
    return writes.every(({ action }) => action === 'ConditionCheck') ? before : this.#calls.images(writes);
  }

  #done(requests: ItemRequests, write: ItemRequest, before: Attributes | null = null, after: Attributes | null = null) {
    this.#charge(requests, write, before, after);
    if (write.action !== 'ConditionCheck') this.followers.changed(write.table, write.key, after);
  }

  #charge(
    { kind }: ItemRequests,
    { table, key }: ItemRequest,
    before: Attributes | null = null,
    after: Attributes | null = null,
  ): void {
    this.#throughput.written({ table, key, before, after, inTransaction: kind === 'transaction' });
  }
}
