import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { RecountStore } from '../../../functions/kpis/store/recount-store.ts';
import { newRecount } from '../../../functions/kpis/use-cases/recount-job.ts';
import { Busy } from '../../../functions/platform/errors.ts';
import { type TransactItem, transact } from '../../../functions/platform/store/transact.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamodb = mockClient(client);

const cancelledBy = (codes: readonly string[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: `Transaction cancelled [${codes.join(', ')}]`,
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const itemsOf = (count: number): TransactItem[] =>
  Array.from({ length: count }, (_unused, index) => ({
    Delete: { TableName: 'operations', Key: { PK: `P#${index}` } },
  }));

const inTheWay = fc.constantFrom('None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded');
const sendsOf = (): number => dynamodb.commandCalls(TransactWriteCommand).length;

beforeEach(() => dynamodb.reset());

describe('a transaction', () => {
  it('is repeated as long as something only was in the way, and tells which conditions did not hold', async () => {
    const outcome = fc.array(fc.constantFrom('None', 'ConditionalCheckFailed'), { minLength: 3, maxLength: 3 });
    const blocked = fc
      .array(inTheWay, { minLength: 3, maxLength: 3 })
      .filter((codes) => codes.some((code) => code !== 'None'));
    await fc.assert(
      fc.asyncProperty(fc.array(blocked, { maxLength: 2 }), outcome, async (before, codes) => {
        dynamodb.reset();
        const holds = codes.every((code) => code === 'None');
        let answers = dynamodb.on(TransactWriteCommand);
        for (const reasons of before) answers = answers.rejectsOnce(cancelledBy(reasons));
        if (holds) answers.resolvesOnce({});
        else answers.rejectsOnce(cancelledBy(codes));
        const refused = await transact(client, itemsOf(3));
        expect(refused).toEqual(holds ? null : codes.map((code) => code === 'ConditionalCheckFailed'));
        expect(sendsOf()).toBe(before.length + 1);
      }),
      { numRuns: 50 },
    );
  });

  it('is not repeated for ever', async () => {
    dynamodb.on(TransactWriteCommand).rejects(cancelledBy(['TransactionConflict']));
    await expect(transact(client, itemsOf(1))).rejects.toThrow(Busy);
    expect(sendsOf()).toBe(6);
  });

  it('is not repeated for what repeating does not cure', async () => {
    dynamodb.on(TransactWriteCommand).rejects(cancelledBy(['ItemCollectionSizeLimitExceeded', 'None']));
    await expect(transact(client, itemsOf(2))).rejects.toThrow(TransactionCanceledException);
    expect(sendsOf()).toBe(1);
  });

  it('of a recount that is asked for meets another one without failing', async () => {
    const store = new RecountStore({ client, table: 'operations' });
    const asked = { reason: 'requested', slot: 'requested', from: null, to: null, requestedBy: null } as const;
    const job = newRecount({ ...asked, id: 'rcm_1', requestedAt: '2026-03-02T09:00:00Z' });
    dynamodb
      .on(TransactWriteCommand)
      .rejectsOnce(cancelledBy(['None', 'TransactionConflict']))
      .resolvesOnce({});
    await expect(store.start(job)).resolves.toBe(true);
    expect(sendsOf()).toBe(2);
    dynamodb.reset();
    dynamodb
      .on(TransactWriteCommand)
      .rejectsOnce(cancelledBy(['TransactionConflict', 'None']))
      .resolvesOnce({});
    await store.finish(job, { owner: 'run', epoch: 1 });
    expect(sendsOf()).toBe(2);
  });
});
