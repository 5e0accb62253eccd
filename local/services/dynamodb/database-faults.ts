import type { FaultKind } from '../../faults/faults.ts';
import { ServiceError } from '../service-error.ts';
import { transaction } from './requests.ts';
import { conflicted } from './conflicts.ts';

/** The faults that an operation can suffer: crashes and conflicts need a write (or a transaction) to matter. */
export function faultsOf(operation: string, writes: boolean): readonly FaultKind[] {
  const kinds: FaultKind[] = ['throttle', 'delay'];
  if (writes) kinds.push('crash-before', 'crash-after');
  if ((writes && operation !== 'BatchWriteItem') || operation === 'TransactGetItems') kinds.push('conflict');
  return kinds;
}

/** (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html) */
export function throttled(): ServiceError {
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
