import type { Caller } from '../permissions/callers.ts';
import { ServiceError } from '../service-error.ts';
import type { ObjectServiceOptions } from './object-service.ts';
import { unlocked } from './object-store.ts';

/**
 * Puts an object for a service of AWS that acts with a function's role. Lambda's destinations need both permissions:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @throws ServiceError AccessDenied or NoSuchBucket.
 */
export function keepObject(
  { buckets, store, clock }: Pick<ObjectServiceOptions, 'buckets' | 'store' | 'clock'>,
  caller: Caller,
  { bucket, key, body }: { bucket: string; key: string; body: string },
): void {
  const refusal = caller.refusal([
    { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` },
    { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${key}` },
  ]);
  if (refusal !== null) throw new ServiceError('AccessDenied', refusal, 403);
  const found = buckets.find(({ name }) => name === bucket);
  if (found === undefined) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const object = { bucket, key, body: Buffer.from(body), contentType: 'application/json', headers: {}, lock: unlocked };
  store.put({ ...object, modifiedAt: clock.now() }, found.versioned);
}
