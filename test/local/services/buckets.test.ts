import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { type SmallCloud, startSmallCloud } from './small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
}, 30_000);
afterEach(() => cloud.stop());

const put = (key: string, text: string, over: object = {}) =>
  cloud.open.s3.send(new PutObjectCommand({ Bucket: 'failed', Key: key, Body: text, ...over }));
const textOf = async (key: string, bucket = 'failed') =>
  (await cloud.open.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString();
const keys = async (prefix = '', pageSize = 1000): Promise<readonly string[]> => {
  const found: string[] = [];
  const pages = paginateListObjectsV2({ client: cloud.open.s3, pageSize }, { Bucket: 'failed', Prefix: prefix });
  for await (const { Contents = [] } of pages) found.push(...Contents.map(({ Key }) => Key ?? ''));
  return found;
};

it('keeps objects under any key, lists them in the order of their bytes page by page, and forgets what is deleted', async () => {
  const part = fc.string({
    unit: fc.constantFrom('a', 'B', '0', ' ', '+', '%', '&', 'ü', '=', '.x'),
    minLength: 1,
    maxLength: 5,
  });
  const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.map((one) => `k${one}`).join('/'));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), async (all, pageSize) => {
      // S3 may hold `a` and `a/b`; files cannot, and no key of ours is like that.
      fc.pre(!all.some((one) => all.some((other) => other.startsWith(`${one}/`))));
      for (const one of all) await put(one, `of ${one}`);
      const sorted = [...all].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      expect(await keys('', pageSize)).toEqual(sorted);
      expect(await keys('k', pageSize)).toEqual(sorted);
      for (const one of all) expect(await textOf(one)).toBe(`of ${one}`);
      for (const one of all) await cloud.open.s3.send(new DeleteObjectCommand({ Bucket: 'failed', Key: one }));
      expect(await keys()).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

it('says what is not there in the words of S3', async () => {
  await expect(textOf('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(textOf('nothing', 'nowhere')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await cloud.open.s3.send(new DeleteObjectCommand({ Bucket: 'failed', Key: 'nothing' }));
});

it('lets a key name no file outside of its bucket', async () => {
  await expect(put('a/../../../escaped', 'x')).rejects.toMatchObject({
    name: 'InvalidArgument',
  });
});

it('puts nothing over an object when it must not be there', async () => {
  await put('once', 'first', { IfNoneMatch: '*' });
  await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  });
  expect(await textOf('once')).toBe('first');
});

it('keeps what lies under object lock', async () => {
  const locked = { Bucket: 'evidence', IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' } as const;
  await put('page', 'first', locked);
  await expect(put('page', 'second', locked)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(put('page', 'second', { Bucket: 'evidence' })).rejects.toMatchObject({ name: 'NotImplemented' });
  await expect(cloud.open.s3.send(new DeleteObjectCommand({ Bucket: 'evidence', Key: 'page' }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
  expect(await textOf('page', 'evidence')).toBe('first');
});

it('lets a role do what its policy says, by action and key', async () => {
  const { s3 } = cloud.reader;
  await s3.send(new PutObjectCommand({ Bucket: 'failed', Key: 'mine/1', Body: 'x' }));
  const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
  await expect(s3.send(new PutObjectCommand({ Bucket: 'failed', Key: 'other/1', Body: 'x' }))).rejects.toMatchObject(
    denied,
  );
  await expect(s3.send(new GetObjectCommand({ Bucket: 'failed', Key: 'mine/1' }))).rejects.toMatchObject(denied);
  await expect(s3.send(new ListObjectsV2Command({ Bucket: 'failed' }))).rejects.toMatchObject(denied);
});

it('is empty after a reset', async () => {
  await put('a/b', 'x');
  await cloud.services.reset();
  expect(await keys()).toEqual([]);
});
