import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { type DueLane, dueLanes } from '../../../functions/platform/due/due-index.ts';
import { DueHints, type QueueUrls } from '../../../functions/platform/due/hints.ts';

const at = Date.parse('2026-03-02T09:00:00Z');
const sqs = mockClient(SQSClient);
beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

const due = (lane: DueLane, PK: string) => ({ PK, SK: 'H', dueAt: '2026-03-02T09:00:10.000Z', dueLane: lane });
const hints = (urls: QueueUrls) =>
  new DueHints({ sqs: new SQSClient({ region: 'eu-central-1' }), urls, clock: { now: () => at } });
const sent = () =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .map(({ args: [{ input }] }) => [
      input.QueueUrl,
      input.Entries?.map(({ MessageBody }) => JSON.parse(MessageBody ?? '').pk),
    ]);
const both = { critical: 'https://sqs/critical', rest: 'https://sqs/rest' };

describe('lanes of the due index', () => {
  it('each go to a queue of their own', async () => {
    const items = dueLanes.map((lane, index) => due(lane, `X#${index}`));
    await hints({ ...both, drills: 'https://sqs/drills' }).send(items);
    expect(sent()).toEqual([
      ['https://sqs/critical', ['X#0']],
      ['https://sqs/rest', ['X#1']],
      ['https://sqs/drills', ['X#2']],
    ]);
  });

  it('of drills are left to the sweep by who does not know their queue, and the others are hinted all the same', async () => {
    await hints(both).afterCommit([due('drills', 'DRL#1'), due('rest', 'TKT#1')]);
    expect(sent()).toEqual([['https://sqs/rest', ['TKT#1']]]);
  });
});
