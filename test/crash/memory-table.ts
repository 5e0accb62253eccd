import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { holds, type Item, type Names, updated } from './expressions.ts';

interface Row {
  item: Item;
  /** What an index that is behind still shows, and since when it is. */
  former: Item | undefined;
  changedAt: number;
}
interface Write extends Names {
  readonly key: { readonly PK: string; readonly SK: string };
  readonly after: (before: Item | undefined) => Item;
  readonly condition: string | undefined;
}

const frozen = (value: unknown): unknown => {
  if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
};
const copied = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map((one) => (one === undefined ? null : copied(one)));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([name, inner]) => [name, copied(inner)]));
};
/** As it comes back from the table: undefined left out, nobody else's object. */
const stored = (item: Item): Item => frozen(copied(item)) as Item;

type PutInput = NonNullable<ConstructorParameters<typeof PutCommand>[0]>;
type UpdateInput = NonNullable<ConstructorParameters<typeof UpdateCommand>[0]>;

const keyOf = (of: Item | undefined) => ({ PK: String(of?.['PK']), SK: String(of?.['SK']) });
const putting = (input: Pick<PutInput, 'Item' | 'ConditionExpression'> & Names): Write => ({
  ...input,
  key: keyOf(input.Item),
  condition: input.ConditionExpression,
  after: () => input.Item as Item,
});
const updating = (input: Pick<UpdateInput, 'Key' | 'UpdateExpression' | 'ConditionExpression'> & Names): Write => ({
  ...input,
  key: keyOf(input.Key),
  condition: input.ConditionExpression,
  after: (before) => updated(input.UpdateExpression ?? '', before, input.Key as Item, input),
});

const refusal = (item: Item | undefined): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    ...(item === undefined ? {} : { Item: marshall(item, { removeUndefinedValues: true }) }),
  });

/** A transaction that was cancelled, by the code of each of its items. */
export const cancelled = (codes: readonly string[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** An index that shows some items as they were: by how much it is behind, and whether it is for this one now. */
export type Behind = (changedAt: number) => boolean;

/**
 * The operations table in memory: the commands and expressions that the desk uses, each at once and as a whole; nothing else,
 * so that a new one is noticed. Indexes may be behind, as `Behind` decides.
 */
export class MemoryTable {
  readonly #partitions = new Map<string, Map<string, Row>>();
  /** Items with due attributes, or that have had them until a moment ago. */
  readonly #due = new Map<string, Row>();
  readonly #listeners: ((item: Item, isNew: boolean) => void)[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Hears of every write, in order, as the stream does. */
  listen(listener: (item: Item, isNew: boolean) => void): void {
    this.#listeners.push(listener);
  }

  get(key: { readonly PK: string; readonly SK: string }): Item | undefined {
    return this.#partitions.get(key.PK)?.get(key.SK)?.item;
  }

  put(item: Item): void {
    this.#write([putting({ Item: item })]);
  }

  all(): Item[] {
    return [...this.#partitions.values()].flatMap((rows) => [...rows.values()].map(({ item }) => item));
  }

  /** What of the index `due` is in it now, the oldest first. */
  due(): Item[] {
    const rows = [...this.#due.values()].filter(({ item }) => item['dueAt'] !== undefined);
    return rows.map(({ item }) => item).sort((a, b) => (String(a['dueAt']) < String(b['dueAt']) ? -1 : 1));
  }

  /** @throws as DynamoDB does when conditions do not hold. */
  send(command: unknown, behind: Behind): Record<string, unknown> {
    if (command instanceof GetCommand) {
      const Item = this.get(keyOf(command.input.Key));
      return Item === undefined ? {} : { Item };
    }
    if (command instanceof QueryCommand) return this.#query(command, behind);
    if (command instanceof BatchGetCommand) {
      const [[table, wanted] = ['', undefined]] = Object.entries(command.input.RequestItems ?? {});
      return { Responses: { [table]: (wanted?.Keys ?? []).flatMap((key) => this.get(keyOf(key)) ?? []) } };
    }
    if (command instanceof PutCommand || command instanceof UpdateCommand) {
      const write = command instanceof PutCommand ? putting(command.input) : updating(command.input);
      const before = this.get(write.key);
      if (!holds(write.condition, before, write)) {
        const tells = command.input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
        throw refusal(tells ? before : undefined);
      }
      this.#write([write]);
      return command.input.ReturnValues === 'ALL_NEW' ? { Attributes: this.get(write.key) } : {};
    }
    if (command instanceof TransactWriteCommand) {
      const writes = (command.input.TransactItems ?? []).map(({ Put, Update, ...other }) => {
        if (Put !== undefined) return putting(Put);
        if (Update !== undefined) return updating(Update);
        throw new Error(`not known in a transaction: ${Object.keys(other).join()}`);
      });
      const keys = new Set(writes.map(({ key }) => `${key.PK} ${key.SK}`));
      if (keys.size < writes.length || keys.size > 100)
        throw new Error('a transaction with an item twice, or too many');
      const codes = writes.map((one) =>
        holds(one.condition, this.get(one.key), one) ? 'None' : 'ConditionalCheckFailed',
      );
      if (codes.includes('ConditionalCheckFailed')) throw cancelled(codes);
      this.#write(writes);
      return {};
    }
    throw new Error(`not a command of this table: ${String(command)}`);
  }

  #write(writes: readonly Write[]): void {
    for (const { key, after } of writes) {
      const rows = this.#partitions.get(key.PK) ?? new Map<string, Row>();
      this.#partitions.set(key.PK, rows);
      const before = rows.get(key.SK);
      const item = stored(after(before?.item));
      const row = { item, former: before?.item, changedAt: this.#now() };
      rows.set(key.SK, row);
      const name = `${key.PK} ${key.SK}`;
      if (item['dueAt'] !== undefined || this.#due.has(name)) this.#due.set(name, row);
      for (const listener of this.#listeners) listener(item, before === undefined);
    }
  }

  #query({ input }: QueryCommand, behind: Behind): Record<string, unknown> {
    const values = input.ExpressionAttributeValues ?? {};
    if (input.IndexName === 'due') {
      const rows = [...this.#due.values()].map((row) => (behind(row.changedAt) ? row.former : row.item));
      const Items = rows
        .filter((item): item is Item => item !== undefined && item['dueShard'] === values[':shard'])
        .filter((item) => String(item['dueAt']) <= String(values[':until']))
        .sort((a, b) => (String(a['dueAt']) < String(b['dueAt']) ? -1 : 1));
      return { Items };
    }
    if (input.IndexName === 'queue') {
      return { Items: this.all().filter((item) => item['queue'] === values[':p']) };
    }
    if (input.IndexName !== undefined) throw new Error(`no such index: ${input.IndexName}`);
    const items = [...(this.#partitions.get(String(values[':p']))?.values() ?? [])].map(({ item }) => item);
    const from = String(input.ExclusiveStartKey?.['SK'] ?? '');
    const found = items
      .filter((item) => values[':from'] === undefined || String(item['SK']) >= String(values[':from']))
      .filter((item) => values[':to'] === undefined || String(item['SK']) <= String(values[':to']))
      .filter((item) => String(item['SK']) > from)
      .sort((a, b) => (String(a['SK']) < String(b['SK']) ? -1 : 1));
    const limit = input.Limit ?? found.length;
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      Items: found.slice(0, limit),
      ...(last === undefined ? {} : { LastEvaluatedKey: { PK: last['PK'], SK: last['SK'] } }),
    };
  }
}
