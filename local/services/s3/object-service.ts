import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { Faults } from '../../faults/faults.ts';
import type { BucketModel } from '../../model.ts';
import { killCaller } from '../endpoint/kill-caller.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import { ServiceError } from '../service-error.ts';
import { checkedChecksum, isChecksum } from './checksum.ts';
import { type Deletion, deleteResult, readDelete } from './delete-objects.ts';
import { listObjects } from './list-objects.ts';
import { lockActions, lockHeaders, removable, requestedLock } from './lock-headers.ts';
import { type ObjectRequest, readObjectRequest } from './object-request.ts';
import type { ObjectStore, StoredVersion } from './object-store.ts';
import { sendDocument, sendError } from './object-xml.ts';

export interface ObjectServiceOptions {
  readonly buckets: readonly BucketModel[];
  readonly store: ObjectStore;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly killWorker: (accessKeyId: string) => void;
}

const faultDelayMs = 300;

/** S3 for the calls that are made here: PutObject, GetObject, DeleteObject, DeleteObjects, ListObjectsV2 (REST, path style). */
export class ObjectService implements Service {
  readonly unknownCaller = { code: 'InvalidAccessKeyId', status: 403 };
  readonly #options: ObjectServiceOptions;

  constructor(options: ObjectServiceOptions) {
    this.#options = options;
  }

  async handle(call: ServiceCall): Promise<void> {
    const { faults, killWorker } = this.#options;
    const request = readObjectRequest(call.method, call.target);
    const fault = faults.take('s3', ['throttle', 'drop', 'crash-before', 'crash-after', 'delay']);
    if (fault === 'throttle') throw new ServiceError('SlowDown', 'Please reduce your request rate.', 503);
    if (fault === 'drop')
      throw new ServiceError('InternalError', 'We encountered an internal error. Please try again.', 500);
    if (fault === 'delay') await pause(faultDelayMs);
    if (fault === 'crash-before') killCaller(call, killWorker);
    const answer = this.#answer(call, request);
    if (fault === 'crash-after') killCaller(call, killWorker);
    answer();
  }

  fail(
    response: ServerResponse,
    requestId: string,
    code: string,
    message: string,
    status: number,
    details: Readonly<Record<string, unknown>>,
  ): void {
    const more = Object.entries(details).map(([name, value]) => [name, String(value)] as const);
    sendError(response, requestId, status, { Code: code, Message: message, ...Object.fromEntries(more) });
  }

  /** Does what the call asks for; the answer is sent by what is returned. */
  #answer(call: ServiceCall, request: ObjectRequest): () => void {
    const { method, key } = request;
    if (method === 'GET' && key === '') return this.#list(call, request);
    if (method === 'PUT' && key !== '') return this.#put(call, request);
    if (method === 'GET') return this.#get(call, request);
    if (method === 'DELETE' && key !== '') return this.#delete(call, request);
    if (method === 'POST' && key === '' && request.query.has('delete')) return this.#deleteAll(call, request);
    throw new ServiceError('NotImplemented', `The local desk does not answer ${method} of S3 here`, 501);
  }

  #list(call: ServiceCall, request: ObjectRequest): () => void {
    const bucket = this.#bucket(call, request, ['s3:ListBucket']);
    const list = listObjects(this.#options.store, bucket, request.query);
    return () => sendDocument(call.response, call.requestId, 'ListBucketResult', list);
  }

  #put(call: ServiceCall, request: ObjectRequest): () => void {
    const { store, clock } = this.#options;
    const { headers, body } = call;
    requireNoQuery(request, ['x-id']);
    const bucket = this.#bucket(call, request, ['s3:PutObject', ...lockActions(headers)]);
    const checksum = checkedChecksum(headers, body);
    const now = clock.now();
    const lock = requestedLock(bucket, headers, now);
    if (lock.mode !== null && Object.keys(checksum).length === 0 && headers['content-md5'] === undefined)
      throw new ServiceError(
        'InvalidRequest',
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
      );
    const before = store.newest(bucket.name, request.key);
    if (headers['if-none-match'] === '*' && before !== null && !before.deleteMarker)
      throw new ServiceError(
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
        412,
      );
    const { versionId, etag } = store.put(
      {
        bucket: bucket.name,
        key: request.key,
        body,
        contentType: headers['content-type'] ?? 'binary/octet-stream',
        headers: { ...checksum, ...metadataOf(headers) },
        lock,
        modifiedAt: now,
      },
      bucket.versioned,
    );
    return this.#empty(call, 200, { etag, ...checksum, ...(bucket.versioned && { 'x-amz-version-id': versionId }) });
  }

  #get(call: ServiceCall, request: ObjectRequest): () => void {
    const { store } = this.#options;
    requireNoQuery(request, ['x-id', 'versionId']);
    const versionId = request.query.get('versionId');
    const bucket = this.#bucket(call, request, [versionId === null ? 's3:GetObject' : 's3:GetObjectVersion']);
    const found = this.#find(bucket, request.key, versionId);
    if (found === null || found.deleteMarker) {
      // Who may not list is not told what is there: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
      this.#require(call, 's3:ListBucket', bucket.arn);
      if (found?.deleteMarker === true) call.response.setHeader('x-amz-delete-marker', 'true');
      throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: request.key });
    }
    const wantsChecksum = call.headers['x-amz-checksum-mode'] === 'ENABLED';
    const kept = Object.entries(found.headers).filter(([name]) => wantsChecksum || !isChecksum(name));
    const bytes = store.bytesOf(found);
    return () =>
      call.response
        .writeHead(200, {
          'content-type': found.contentType,
          'content-length': bytes.length,
          'last-modified': new Date(found.modifiedAt).toUTCString(),
          etag: found.etag,
          ...(bucket.versioned && { 'x-amz-version-id': found.versionId }),
          ...(wantsChecksum && { 'x-amz-checksum-type': 'FULL_OBJECT' }),
          ...lockHeaders(found.lock),
          ...Object.fromEntries(kept),
          'x-amz-request-id': call.requestId,
        })
        .end(bytes);
  }

  #delete(call: ServiceCall, request: ObjectRequest): () => void {
    requireNoQuery(request, ['x-id', 'versionId']);
    const versionId = request.query.get('versionId');
    const { marker, wasMarker } = this.#remove(call, request, versionId);
    return this.#empty(call, 204, {
      ...(versionId !== null && { 'x-amz-version-id': versionId }),
      ...(marker !== null && { 'x-amz-version-id': marker }),
      ...((marker !== null || wasMarker) && { 'x-amz-delete-marker': 'true' }),
    });
  }

  /** Each for itself: what may not go is told beside what went. */
  #deleteAll(call: ServiceCall, request: ObjectRequest): () => void {
    requireNoQuery(request, ['x-id', 'delete']);
    const { headers, body } = call;
    if (Object.keys(checkedChecksum(headers, body)).length === 0 && headers['content-md5'] === undefined)
      throw new ServiceError('InvalidRequest', 'Missing required header for this request: Content-MD5');
    const { objects, quiet } = readDelete(body);
    const deletions = objects.map((name): Deletion => {
      try {
        const { marker } = this.#remove(call, { ...request, key: name.key }, name.versionId);
        return {
          ...name,
          gone:
            marker === null
              ? []
              : [
                  ['DeleteMarker', 'true'],
                  ['DeleteMarkerVersionId', marker],
                ],
        };
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'AccessDenied') return { ...name, error };
        throw error;
      }
    });
    return () => sendDocument(call.response, call.requestId, 'DeleteResult', deleteResult(deletions, quiet));
  }

  /** Without a version a versioned bucket only gets a marker, locked or not; a version goes for good, unless it is locked. */
  #remove(
    call: ServiceCall,
    request: ObjectRequest,
    versionId: string | null,
  ): { readonly marker: string | null; readonly wasMarker: boolean } {
    const { store, clock } = this.#options;
    const bypass = call.headers['x-amz-bypass-governance-retention'] === 'true';
    const bucket = this.#bucket(call, request, [
      versionId === null ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
      ...(bypass ? ['s3:BypassGovernanceRetention'] : []),
    ]);
    if (bucket.versioned && versionId === null)
      return { marker: store.putDeleteMarker(bucket.name, request.key, clock.now()), wasMarker: false };
    const found = this.#find(bucket, request.key, versionId);
    if (found !== null && !removable(found.lock, clock.now(), bypass))
      throw new ServiceError('AccessDenied', 'Access Denied because object protected by object lock.', 403);
    if (found !== null) store.remove(found);
    return { marker: null, wasMarker: found?.deleteMarker === true };
  }

  #find(bucket: BucketModel, key: string, versionId: string | null): StoredVersion | null {
    const { store } = this.#options;
    return versionId === null ? store.newest(bucket.name, key) : store.version(bucket.name, key, versionId);
  }

  #empty(call: ServiceCall, status: number, headers: Record<string, string>): () => void {
    return () => call.response.writeHead(status, { ...headers, 'x-amz-request-id': call.requestId }).end();
  }

  /** The bucket of a call, after the permission checks. */
  #bucket(call: ServiceCall, { bucket, key }: ObjectRequest, actions: readonly string[]): BucketModel {
    const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
    for (const action of actions) this.#require(call, action, resource);
    const found = this.#options.buckets.find(({ name }) => name === bucket);
    if (found === undefined)
      throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
    return found;
  }

  #require(call: ServiceCall, action: string, resource: string): void {
    const refusal = call.caller.refusal([{ action, resource }]);
    if (refusal !== null) throw new ServiceError('AccessDenied', refusal, 403);
  }
}

const metadataOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name, value]] : [],
    ),
  );

/** A sub-resource (`?retention`, `?tagging`) is another call of the API than the one that its path looks like. */
function requireNoQuery({ query }: ObjectRequest, known: readonly string[]): void {
  const unknown = [...query.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new ServiceError('NotImplemented', `The local desk does not answer S3 calls with ${unknown.join(', ')}`, 501);
}
