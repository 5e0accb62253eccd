import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

const units = z.object({ CapacityUnits: z.number().default(0) });
const consumed = units.extend({
  TableName: z.string(),
  GlobalSecondaryIndexes: z.record(z.string(), units).default({}),
});
const outputSchema = z.object({ ConsumedCapacity: z.union([consumed, z.array(consumed)]).optional() });

/** One call, as the engine accounted for it. */
interface Call {
  readonly operation: string;
  readonly table: string;
  readonly units: number;
  readonly indexUnits: number;
  readonly transaction: boolean;
}

/** What calls consumed: write units with their part in indexes, read units, and how many calls there were. */
export interface Usage {
  readonly wru: number;
  /** The same, if writes to indexes count double within transactions, as DynamoDB Local has it. */
  readonly wruIndexesTwice: number;
  readonly rru: number;
  readonly calls: number;
}

const writes = (operation: string): boolean => /Put|Update|Delete|Write/.test(operation);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const usageOf = (calls: readonly Call[]): Usage => {
  const written = calls.filter(({ operation }) => writes(operation));
  return {
    wru: sum(written.map((call) => call.units)),
    wruIndexesTwice: sum(written.map((call) => call.units + (call.transaction ? call.indexUnits : 0))),
    rru: sum(calls.filter(({ operation }) => !writes(operation)).map((call) => call.units)),
    calls: calls.length,
  };
};

/**
 * Asks DynamoDB for the capacity of every call of a client and adds it up: ReturnConsumedCapacity INDEXES, over table and indexes
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html).
 */
export class CapacityMeter {
  #calls: Call[] = [];
  /** Every call takes at least so long, as it would from a function to DynamoDB; 0: as long as the engine here takes. */
  callMs = 0;
  #inFlight = 0;
  #waitingSince = 0;
  #waitedMs = 0;

  constructor(client: DynamoDBDocumentClient) {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const operation = String(context['commandName'] ?? '');
        Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        const { callMs } = this;
        this.#begin();
        try {
          const [result] = await Promise.all([next(args), callMs === 0 ? null : pause(callMs)]);
          this.#note(operation, result.output);
          return result;
        } finally {
          this.#end();
        }
      },
      { step: 'initialize', name: 'capacityMeter' },
    );
  }

  /** What was consumed since the last time, of one table or of all, and forgets it. */
  take(): { readonly all: Usage; of(table: string): Usage } {
    const calls = this.#calls;
    this.#calls = [];
    return { all: usageOf(calls), of: (table) => usageOf(calls.filter((call) => call.table === table)) };
  }

  #begin(): void {
    if (this.#inFlight === 0) this.#waitingSince = performance.now();
    this.#inFlight += 1;
  }

  #end(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#waitedMs += performance.now() - this.#waitingSince;
  }

  /** For how long at least one call was under way, since the last time it was asked: calls at once are waited for once. */
  takeWaitedMs(): number {
    const waited = this.#waitedMs;
    this.#waitedMs = 0;
    return waited;
  }

  #note(operation: string, output: unknown): void {
    const { ConsumedCapacity: found } = outputSchema.parse(output);
    for (const one of found === undefined ? [] : [found].flat()) {
      this.#calls.push({
        operation,
        table: one.TableName,
        units: one.CapacityUnits,
        indexUnits: sum(Object.values(one.GlobalSecondaryIndexes).map((index) => index.CapacityUnits)),
        transaction: operation.includes('Transact'),
      });
    }
  }
}
