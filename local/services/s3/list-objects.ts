import type { BucketModel } from '../../model.ts';
import { ServiceError } from '../service-error.ts';
import type { ObjectStore } from './object-store.ts';
import type { Elements } from './object-xml.ts';

const largestPage = 1000;
const known = new Set(['list-type', 'prefix', 'max-keys', 'continuation-token', 'start-after', 'x-id']);

const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');

/** ListObjectsV2: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(store: ObjectStore, bucket: BucketModel, query: URLSearchParams): Elements {
  const unknown = [...query.keys()].filter((name) => !known.has(name));
  if (query.get('list-type') !== '2' || unknown.length > 0)
    throw new ServiceError(
      'NotImplemented',
      `The local desk lists with ${[...known].join(', ')} only, not ${unknown.join(', ') || 'the first version'}`,
      501,
    );
  const prefix = query.get('prefix') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? largestPage), largestPage);
  if (!Number.isInteger(limit) || limit < 0)
    throw new ServiceError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  if (token !== null && tokenOf(after) !== token)
    throw new ServiceError('InvalidArgument', 'The continuation token provided is incorrect');
  const found = store.list(bucket.name, prefix, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  return [
    ['Name', bucket.name],
    ['Prefix', prefix],
    ['KeyCount', String(page.length)],
    ['MaxKeys', String(limit)],
    ['IsTruncated', String(more)],
    ...(more ? ([['NextContinuationToken', tokenOf(last.key)]] as const) : []),
    ...page.map(
      ({ key, modifiedAt, etag, size }) =>
        [
          'Contents',
          [
            ['Key', key],
            ['LastModified', new Date(modifiedAt).toISOString()],
            ['ETag', etag],
            ['Size', String(size)],
            ['StorageClass', 'STANDARD'],
          ],
        ] as const,
    ),
  ];
}
