import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { BucketModel } from '../../model.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import type { Need } from '../permissions/permission-check.ts';
import { ServiceError } from '../service-error.ts';
import { type ObjectFiles, UnusableKey } from './object-files.ts';
import { errorXml, listXml } from './object-xml.ts';

export interface BucketServiceOptions {
  readonly buckets: readonly BucketModel[];
  readonly files: ObjectFiles;
}

interface Target {
  readonly bucket: BucketModel;
  readonly key: string;
  readonly query: URLSearchParams;
}

const actions: Readonly<Record<string, string>> = {
  PutObject: 's3:PutObject',
  GetObject: 's3:GetObject',
  DeleteObject: 's3:DeleteObject',
  ListObjectsV2: 's3:ListBucket',
};

/** Bucket and key as they were sent: a key may have dots between its slashes, which an address would lose. */
const addressOf = (url: string): { readonly name: string; readonly key: string; readonly query: URLSearchParams } => {
  const [path = '', query = ''] = url.split('?', 2);
  const [name = '', ...parts] = path.slice(1).split('/').map(decodeURIComponent);
  return { name, key: parts.join('/'), query: new URLSearchParams(query) };
};

/** Which call a request is: S3 has no name for it in the request, but method and address. */
export const bucketOperation = (method: string, url: string): string => {
  const { key, query } = addressOf(url);
  const ofBucket = key === '';
  if (method === 'GET' && ofBucket && query.get('list-type') === '2') return 'ListObjectsV2';
  if (ofBucket) return `${method} of a bucket`;
  return { PUT: 'PutObject', GET: 'GetObject', DELETE: 'DeleteObject' }[method] ?? `${method} of an object`;
};

/**
 * S3 for the calls that the code makes, path style (which the SDK takes for an endpoint without a name). A bucket with object
 * lock keeps what was put first: a second version of an object, and a delete marker, are answered by "not implemented".
 */
export class BucketService implements Service {
  readonly unknownCaller = { code: 'InvalidAccessKeyId', status: 403 };
  readonly #options: BucketServiceOptions;

  constructor(options: BucketServiceOptions) {
    this.#options = options;
  }

  async handle(call: ServiceCall): Promise<void> {
    const target = this.#target(call);
    try {
      this.#answer(call, target);
    } catch (error) {
      if (error instanceof UnusableKey) throw new ServiceError('InvalidArgument', `the key ${target.key}`);
      throw error;
    }
  }

  fail(response: ServerResponse, requestId: string, code: string, message: string, status: number): void {
    send(response, requestId, status, errorXml(code, message, requestId));
  }

  #answer(call: ServiceCall, { bucket, key, query }: Target): void {
    const { files } = this.#options;
    const { response, requestId } = call;
    switch (call.operation) {
      case 'PutObject': {
        const there = files.get(bucket.name, key) !== null;
        if (there && call.headers['if-none-match'] === '*') {
          throw new ServiceError(
            'PreconditionFailed',
            'At least one of the pre-conditions you specified did not hold',
            412,
          );
        }
        if (bucket.objectLock) {
          if (there) throw notImplemented('a second version of a locked object');
          requireChecksum(call);
        }
        files.put(bucket.name, key, call.body);
        response.setHeader('etag', etagOf(call.body));
        return send(response, requestId, 200, '');
      }
      case 'GetObject': {
        const body = files.get(bucket.name, key);
        if (body === null) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
        response.setHeader('etag', etagOf(body));
        return send(response, requestId, 200, body, 'application/octet-stream');
      }
      case 'DeleteObject':
        if (bucket.objectLock) throw notImplemented('delete markers');
        files.remove(bucket.name, key);
        return send(response, requestId, 204, '');
      default: {
        const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
        const most = Math.min(1000, Number(query.get('max-keys') ?? 1000));
        const all = files.list(bucket.name, query.get('prefix') ?? '').filter((object) => object.key > after);
        return send(response, requestId, 200, listXml(bucket.name, all.slice(0, most), all.length > most));
      }
    }
  }

  /** The bucket and key of a call, after the permission check: who may not look does not learn what there is. */
  #target(call: ServiceCall): Target {
    const { name, key, query } = addressOf(call.url);
    const action = actions[call.operation];
    if (action === undefined) throw notImplemented(call.operation);
    const arn = `arn:aws:s3:::${name}`;
    const needs: readonly Need[] = [{ action, resource: action === 's3:ListBucket' ? arn : `${arn}/${key}` }];
    const refusal = call.caller.refusal(needs);
    if (refusal !== null) throw new ServiceError('AccessDenied', refusal, 403);
    const bucket = this.#options.buckets.find((candidate) => candidate.name === name);
    if (bucket === undefined) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return { bucket, key, query };
  }
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

const notImplemented = (what: string): ServiceError =>
  new ServiceError('NotImplemented', `The local desk does not answer ${what} of S3`, 501);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: with object lock a checksum must be there. */
const requireChecksum = ({ headers }: ServiceCall): void => {
  const given = Object.keys(headers).some((name) => name === 'content-md5' || name.startsWith('x-amz-checksum-'));
  if (!given) {
    throw new ServiceError(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  }
};

const send = (
  response: ServerResponse,
  requestId: string,
  status: number,
  body: string | Buffer,
  type = 'application/xml',
): void => {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    ...(status === 204 ? {} : { 'content-type': type, 'content-length': bytes.length }),
    'x-amz-request-id': requestId,
  });
  response.end(status === 204 ? undefined : bytes);
};
