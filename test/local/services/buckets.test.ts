import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { type SmallCloud, startSmallCloud } from './small-cloud.ts';

let cloud: SmallCloud;
beforeAll(async () => {
  cloud = await startSmallCloud();
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.services.reset());

const put = (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}, who = cloud.open) =>
  who.s3.send(new PutObjectCommand({ Bucket: 'plain', Key, Body, ...more }));
const get = async (Key: string, Bucket = 'plain', who = cloud.open) =>
  (await who.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const remove = (Key: string, more: object = {}, who = cloud.open) =>
  who.s3.send(new DeleteObjectCommand({ Bucket: 'plain', Key, ...more }));
const keys = async (pageSize: number, prefix = '', Bucket = 'plain') => {
  const found: (string | undefined)[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await cloud.open.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: pageSize, ContinuationToken: token }),
    );
    expect(page.Contents?.length ?? 0).toBeLessThanOrEqual(pageSize);
    found.push(...(page.Contents ?? []).map(({ Key }) => Key));
    token = page.NextContinuationToken;
  }
  return found;
};
const error = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (reason: Error) => reason.name,
  );
const inDays = (days: number) => new Date(cloud.clock.now() + days * 86_400_000);

it('gives back what was put: bytes, type, metadata, checksum', async () => {
  await put('dir/a b+ü&<.json', '{"é":1}', {
    ContentType: 'application/json',
    Metadata: { chain: 'abc' },
    ChecksumAlgorithm: 'SHA256',
  });
  const object = await cloud.open.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'dir/a b+ü&<.json' }));
  expect(object).toMatchObject({
    ContentType: 'application/json',
    Metadata: { chain: 'abc' },
    LastModified: new Date(Math.floor(cloud.clock.now() / 1000) * 1000),
    ChecksumSHA256: expect.stringMatching(/=$/),
    ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  });
  expect(await object.Body?.transformToString()).toBe('{"é":1}');
  expect(await keys(10)).toEqual(['dir/a b+ü&<.json']);
});

it('refuses a body that is not the one that was summed up', async () => {
  expect(await error(put('a', 'text', { ChecksumCRC32: 'AAAAAA==' }))).toBe('BadDigest');
  expect(await error(put('a', 'text', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' }))).toBe('BadDigest');
  expect(await error(get('a'))).toBe('NoSuchKey');
});

it('holds what a map would hold, listed page by page in the order of bytes', async () => {
  const key = fc.constantFrom('a', 'a/b', 'a/c', 'a.b', 'b', 'ä', '\u{1f600}', 'a/b/c');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), key, body: fc.string({ minLength: 1 }) }),
    fc.record({ kind: fc.constant('delete' as const), key, body: fc.constant('') }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('plain', 'locked'),
      fc.array(step, { maxLength: 14 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('', 'a', 'a/'),
      async (Bucket, steps, pageSize, prefix) => {
        await cloud.services.reset();
        const model = new Map<string, string>();
        for (const { kind, key: Key, body } of steps) {
          if (kind === 'put') {
            await put(Key, body, { Bucket });
            model.set(Key, body);
          } else {
            await remove(Key, { Bucket });
            model.delete(Key);
          }
        }
        const wanted = [...model.keys()]
          .filter((one) => one.startsWith(prefix))
          .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        expect(await keys(pageSize, prefix, Bucket)).toEqual(wanted);
        for (const [one, body] of model) expect(await get(one, Bucket)).toBe(body);
      },
    ),
    { numRuns: 25 },
  );
});

it('keeps a locked version from everybody, until its time has come', async () => {
  const lock = { Bucket: 'locked', ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: inDays(3) };
  const { VersionId } = await put('digest', 'first', lock);
  const version = { Bucket: 'locked', VersionId };
  expect(await error(remove('digest', { ...version, BypassGovernanceRetention: true }))).toBe('AccessDenied');
  // A plain deletion only hides it.
  expect(await remove('digest', { Bucket: 'locked' })).toMatchObject({ DeleteMarker: true });
  expect(await error(get('digest', 'locked'))).toBe('NoSuchKey');
  const found = await cloud.open.s3.send(new GetObjectCommand({ Bucket: 'locked', Key: 'digest', VersionId }));
  expect(found).toMatchObject({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(3), VersionId });
  expect(await found.Body?.transformToString()).toBe('first');
  await cloud.clock.advance(3 * 86_400);
  await remove('digest', version);
  expect(await error(cloud.open.s3.send(new GetObjectCommand({ Bucket: 'locked', Key: 'digest', VersionId })))).toBe(
    'NoSuchKey',
  );
});

it("takes the bucket's own lock for what says nothing, which governance may override", async () => {
  const { VersionId } = await put('a', 'text', { Bucket: 'locked' });
  expect(await error(remove('a', { Bucket: 'locked', VersionId }))).toBe('AccessDenied');
  await remove('a', { Bucket: 'locked', VersionId, BypassGovernanceRetention: true });
  const held = await put('a', 'text', { Bucket: 'locked', ObjectLockLegalHoldStatus: 'ON' });
  await cloud.clock.advance(2 * 86_400);
  const version = { Bucket: 'locked', VersionId: held.VersionId, BypassGovernanceRetention: true };
  expect(await error(remove('a', version))).toBe('AccessDenied');
});

it('refuses locks that S3 would refuse', async () => {
  const until = (days: number) => ({ ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: inDays(days) });
  expect(await error(put('a', 'text', until(1)))).toBe('InvalidRequest');
  expect(await error(put('a', 'text', { Bucket: 'locked', ...until(-1) }))).toBe('InvalidArgument');
  expect(await error(put('a', 'text', { Bucket: 'locked', ObjectLockMode: 'COMPLIANCE' }))).toBe('InvalidArgument');
});

it('removes many at once, and tells which of them it may not', async () => {
  const names = ['open/a', 'open/b&<ü>', 'shut/c'];
  for (const Key of names) await put(Key, 'text');
  const removing = (Objects: { Key: string; VersionId?: string }[], Bucket = 'plain') =>
    new DeleteObjectsCommand({ Bucket, Delete: { Objects } });
  const refused = await cloud.reader.s3.send(removing([{ Key: 'open/a' }]));
  expect(refused.Errors).toMatchObject([{ Key: 'open/a', Code: 'AccessDenied' }]);
  const done = await cloud.open.s3.send(removing([...names, 'none'].map((Key) => ({ Key }))));
  expect(done.Deleted?.map(({ Key }) => Key)).toEqual([...names, 'none']);
  expect(await keys(10)).toEqual([]);
  const { VersionId = '' } = await put('a', 'text', { Bucket: 'locked' });
  const locked = await cloud.open.s3.send(removing([{ Key: 'a', VersionId }, { Key: 'a' }], 'locked'));
  expect(locked).toMatchObject({
    Errors: [{ Key: 'a', VersionId, Code: 'AccessDenied' }],
    Deleted: [{ Key: 'a', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) }],
  });
});

it('puts only where nothing is, when asked to', async () => {
  await put('a', 'first', { IfNoneMatch: '*' });
  expect(await error(put('a', 'second', { IfNoneMatch: '*' }))).toBe('PreconditionFailed');
  expect(await get('a')).toBe('first');
});

it('lets a role do what it names and no more', async () => {
  const { reader } = cloud;
  await put('open/a', 'text', {}, reader);
  expect(await get('open/a', 'plain', reader)).toBe('text');
  expect(await error(put('shut/a', 'text', {}, reader))).toBe('AccessDenied');
  expect(await error(remove('open/a', {}, reader))).toBe('AccessDenied');
  expect(await error(reader.s3.send(new ListObjectsV2Command({ Bucket: 'plain' })))).toBe('AccessDenied');
  // Who may not list does not learn what is not there.
  expect(await error(get('open/none', 'plain', reader))).toBe('AccessDenied');
  expect(await error(get('none'))).toBe('NoSuchKey');
  expect(await error(get('a', 'nowhere'))).toBe('NoSuchBucket');
});

it('fails as it is told to: without an answer, before or after the object is kept', async () => {
  const fault = (kind: 'throttle' | 'crash-before' | 'crash-after') =>
    cloud.faults.add({ target: 's3', fault: kind, count: 1, probability: 1 });
  cloud.killed.length = 0;
  fault('throttle');
  expect(await error(put('a', 'text'))).toBe('SlowDown');
  fault('crash-before');
  expect(await error(put('a', 'text'))).not.toBe('none');
  expect(await keys(10)).toEqual([]);
  fault('crash-after');
  expect(await error(put('a', 'text'))).not.toBe('none');
  expect(await keys(10)).toEqual(['a']);
  expect(cloud.killed).toHaveLength(2);
});
