import { ServiceError } from '../../service-error.ts';
import { cancelled } from '../conflicts.ts';
import type { CountedKey } from './write-units.ts';

const advice =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';

/** What was too much, in the form `<resource><operation><limit>`. */
const reasonOf = ({ table, index }: CountedKey, operation: 'Read' | 'Write') => ({
  reason: `${index === null ? 'Table' : 'Index'}${operation}KeyRangeThroughputExceeded`,
  resource: index === null ? table.arn : `${table.arn}/index/${index}`,
});

/**
 * How a table on demand answers what is too much for one key; the SDK tries it again. A write that is too much for the key
 * of an index names the index. (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html)
 */
export const throttled = (key: CountedKey, operation: 'Read' | 'Write'): ServiceError =>
  new ServiceError('ThrottlingException', advice, 400, { throttlingReasons: [reasonOf(key, operation)] });

/** The same within a transaction: cancelled, by the items that are too much. The SDK does not try this again. */
export const throttledTransaction = (keys: readonly (CountedKey | null)[]): ServiceError =>
  cancelled(keys.map((key) => (key === null ? { Code: 'None' } : { Code: 'ThrottlingError', Message: advice })));
