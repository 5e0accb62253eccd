import type { FaultKind } from '../../faults/faults.ts';
import { ServiceError } from '../service-error.ts';
import { transaction } from './requests.ts';
import { conflicted } from './conflicts.ts';

/** Changes of tables themselves. */
const tableChanges = new Set([
  'CreateTable',
  'UpdateTable',
  'DeleteTable',
  'UpdateTimeToLive',
  'UpdateContinuousBackups',
  'RestoreTableToPointInTime',
  'TagResource',
  'UntagResource',
]);

/** The faults that an operation can suffer: crashes need a change, conflicts a write (or a transaction) to matter. */
export function faultsOf(operation: string, writes: boolean): readonly FaultKind[] {
  const kinds: FaultKind[] = ['throttle', 'delay'];
  if (writes || tableChanges.has(operation)) kinds.push('crash-before', 'crash-after');
  if ((writes && operation !== 'BatchWriteItem') || operation === 'TransactGetItems') kinds.push('conflict');
  return kinds;
}

/** (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html) */
export function throttled(operation: string): ServiceError {
  if (tableChanges.has(operation))
    return new ServiceError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.');
  return new ServiceError(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  );
}

/** Two writers met on one item: the whole transaction is cancelled, with the reason at the first item. */
export function metAnother(operation: string, body: unknown): ServiceError {
  if (!operation.startsWith('Transact')) return conflicted('single', [true]);
  return conflicted(
    'transaction',
    transaction.parse(body).TransactItems.map((_item, index) => index === 0),
  );
}
