import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../platform/clock.ts';
import { readItem } from '../platform/store/heads.ts';
import { monthOf, type SmsPrices, type SmsSpend, spendOf, textsAtMost } from './domain/sms-spend.ts';
import { smsSpendKind } from './item-kinds.ts';
import { smsSpendKey } from './keys.ts';
import { unlessRefused } from './refused-writes.ts';

/**
 * How many texts went out this month, by one atomic counter. SNS drops texts without a word once the account's limit is used
 * up, so the desk keeps count itself. A text is counted before it is sent: one that is repeated counts twice, none is missed.
 */
export class SmsSpendStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #prices: SmsPrices;

  constructor(options: { client: DynamoDBDocumentClient; table: string; clock: Clock; sms: SmsPrices }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#clock = options.clock;
    this.#prices = options.sms;
  }

  /** Counts one text and says how many they are with it; null when the month's budget pays for no more. */
  async take(): Promise<number | null> {
    const answer = await unlessRefused(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: smsSpendKey(monthOf(this.#clock.now())),
          UpdateExpression: 'ADD texts :one',
          ConditionExpression: 'attribute_not_exists(texts) OR texts < :most',
          ExpressionAttributeValues: { ':one': 1, ':most': textsAtMost(this.#prices) },
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return answer === null ? null : smsSpendKind.read(answer.Attributes ?? {}).texts;
  }

  async read(): Promise<SmsSpend> {
    const item = await readItem(this.#client, this.#table, smsSpendKey(monthOf(this.#clock.now())));
    return spendOf(item === undefined ? 0 : smsSpendKind.read(item).texts, this.#prices);
  }
}
