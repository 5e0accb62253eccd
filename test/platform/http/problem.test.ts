import { ProvisionedThroughputExceededException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { problemOf } from '../../../functions/platform/http/problem.ts';

const about = { $metadata: {}, message: 'hot key of tkt_1' };

it.each([new ProvisionedThroughputExceededException(about), new TransactionConflictException(about)])(
  'a database that goes on refusing is no fault of ours or theirs: come again (%s)',
  (error) => {
    const answer = problemOf(error);
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(answer.detail).toContain('Idempotency-Key');
    expect(JSON.stringify(answer)).not.toContain('tkt_1');
  },
);

it('anything else that nobody expected is our fault, and tells nothing', () => {
  const answer = problemOf(new Error('password of ada@acme.example'));
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer)).not.toContain('ada');
});
