import { TransactGetItemsCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { type Cloud, cloudOf, get, increase, keyOf, nameOf, patiently, put, transact } from './strict-cloud.ts';

let comfortable: Cloud;
let strict: Cloud;

beforeAll(async () => {
  [comfortable, strict] = await Promise.all([cloudOf(null), cloudOf({ seed: 3 })]);
});
afterAll(() => Promise.all([comfortable.stop(), strict.stop()]));

const counter = async (cloud: Cloud, id: string) => Number((await cloud.open.db.send(get(id))).Item?.['n']?.N ?? 0);
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_unused, index) => work(index)));

describe('writers that meet', () => {
  it('hurts who sends a transaction once', async () => {
    const lost = async (cloud: Cloud) => {
      const outcomes = await times(20, () => nameOf(cloud.open.db.send(transact('hot', 'other'))));
      expect(await counter(cloud, 'hot')).toBe(outcomes.filter((one) => one === 'done').length);
      return outcomes.filter((one) => one === 'TransactionCanceledException').length;
    };
    expect(await lost(comfortable)).toBe(0);
    expect(await lost(strict)).toBeGreaterThan(0);
  });

  it('loses nothing of who repeats it, whatever order they come in', async () => {
    await times(20, (index) =>
      patiently(() => strict.open.db.send(index % 2 === 0 ? transact('shared', `own-${index}`) : increase('shared'))),
    );
    expect(await counter(strict, 'shared')).toBe(20);
  });

  it('leaves single writes of one item alone: they follow each other', async () => {
    await times(20, () => strict.open.db.send(increase('plain')));
    expect(await counter(strict, 'plain')).toBe(20);
  });

  it('names the items in whose way another transaction is', async () => {
    const errors: { CancellationReasons?: { Code?: string }[]; message: string }[] = [];
    await times(30, (index) =>
      strict.open.db.send(transact(`alone-${index}`, 'together')).catch((error) => errors.push(error)),
    );
    expect(errors.length).toBeGreaterThan(0);
    const codes = errors.map(({ CancellationReasons = [] }) => CancellationReasons.map(({ Code }) => Code).join(', '));
    expect(codes).toContain('None, TransactionConflict');
    for (const [index, error] of errors.entries()) expect(error.message).toContain(`[${codes[index]}]`);
  });

  it('refuses a read transaction beside any write, but no plain read', async () => {
    const read = new TransactGetItemsCommand({
      TransactItems: [{ Get: { TableName: 'operations', Key: keyOf('beside') } }],
    });
    const outcomes = await times(40, (index) =>
      nameOf(index % 2 === 0 ? strict.open.db.send(read) : strict.open.db.send(put('beside'))),
    );
    expect(outcomes.filter((_one, index) => index % 2 === 1)).not.toContain('TransactionConflictException');
    expect(outcomes).toContain('TransactionCanceledException');
    await times(10, () => strict.open.db.send(get('beside')));
  });

  it('answers the same transaction, sent again while it runs, that it is in progress', async () => {
    const command = () => new TransactWriteItemsCommand({ ...transact('token').input, ClientRequestToken: 'the-same' });
    const outcomes = new Set(await times(8, () => nameOf(strict.open.db.send(command()))));
    expect(outcomes).toContain('TransactionInProgressException');
    await patiently(() =>
      strict.open.db.send(command()).catch((error) => {
        if (error.name !== 'TransactionInProgressException') throw error;
      }),
    );
    expect(await counter(strict, 'token')).toBe(1);
  });
});

describe('the imaginary other writer', () => {
  const alone = async (cloud: Cloud, prefix: string) => {
    const outcomes: string[] = [];
    for (let index = 0; index < 120; index += 1)
      outcomes.push(await nameOf(cloud.open.db.send(transact(`${prefix}-${index % 10}`, `${prefix}-b-${index % 10}`))));
    return outcomes;
  };

  it('is met by a tenth of the transactions that nobody else is near, the same for the same seed', async () => {
    expect(new Set(await alone(comfortable, 'i'))).toEqual(new Set(['done']));
    const [one, same, other] = await Promise.all([cloudOf({ seed: 8 }), cloudOf({ seed: 8 }), cloudOf({ seed: 9 })]);
    try {
      const outcomes = await alone(one, 'i');
      const met = outcomes.filter((outcome) => outcome === 'TransactionCanceledException');
      expect(met.length).toBeGreaterThan(3);
      expect(met.length).toBeLessThan(30);
      expect(await alone(same, 'i')).toEqual(outcomes);
      expect(await alone(other, 'i')).not.toEqual(outcomes);
    } finally {
      await Promise.all([one, same, other].map((cloud) => cloud.stop()));
    }
  });

  it('is met by single writes too, but only on items that are in transactions', async () => {
    const outcomesOf = async (id: string) => {
      const outcomes: string[] = [];
      for (let index = 0; index < 60; index += 1) outcomes.push(await nameOf(strict.open.db.send(increase(id))));
      return new Set(outcomes);
    };
    expect(await outcomesOf('never-in-one')).toEqual(new Set(['done']));
    await patiently(() => strict.open.db.send(transact('in-one')));
    expect(await outcomesOf('in-one')).toEqual(new Set(['done', 'TransactionConflictException']));
  });
});
