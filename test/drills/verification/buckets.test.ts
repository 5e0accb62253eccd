import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { sdkStreamMixin } from '@smithy/core/serde';
import { mockClient } from 'aws-sdk-client-mock';
import { Readable } from 'node:stream';
import { readPart, ScanFileDamaged, Spill } from '../../../functions/drills/verification/spill.ts';
import { WorkStore } from '../../../functions/drills/verification/work-store.ts';
import { Archive } from '../../../functions/platform/objects/archive.ts';

/** A bucket as S3 is to conditional writes and pages of names. */
const bucket = () => {
  const kept = new Map<string, string>();
  const s3 = mockClient(S3Client);
  s3.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch }) => {
    if (IfNoneMatch === '*' && kept.has(Key))
      throw new S3ServiceException({
        name: 'PreconditionFailed',
        $fault: 'client',
        $metadata: { httpStatusCode: 412 },
      });
    kept.set(Key, Body);
    return {};
  });
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    const text = kept.get(Key);
    if (text === undefined) throw new NoSuchKey({ message: 'none', $metadata: { httpStatusCode: 404 } });
    return { Body: sdkStreamMixin(Readable.from([text])) };
  });
  s3.on(ListObjectsV2Command).callsFake(({ Prefix, ContinuationToken }) => {
    const names = [...kept.keys()].filter((name) => name.startsWith(Prefix)).sort();
    const at = Number(ContinuationToken ?? 0);
    const next = at + 2 < names.length ? { NextContinuationToken: String(at + 2) } : {};
    return { Contents: names.slice(at, at + 2).map((Key) => ({ Key })), ...next };
  });
  return { kept, s3, options: { client: s3 as unknown as S3Client, bucket: 'b' } };
};

it('keeps the first text of a name, with a checksum, and answers the one that is kept', async () => {
  const { s3, options } = bucket();
  const evidence = new Archive(options);
  expect(await evidence.keep('manifests/1.json', 'first', 'application/json')).toBe('first');
  expect(await evidence.keep('manifests/1.json', 'second', 'application/json')).toBe('first');
  expect(await evidence.read('manifests/1.json')).toBe('first');
  expect(await evidence.read('manifests/2.json')).toBeNull();
  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
    ChecksumAlgorithm: 'SHA256',
    ContentType: 'application/json',
  });
});

it('lists names to the end', async () => {
  const { options } = bucket();
  const evidence = new Archive(options);
  for (const name of ['m/3', 'm/1', 'm/5', 'other', 'm/4', 'm/2']) await evidence.keep(name, name, 'application/json');
  expect(await evidence.names('m/')).toEqual(['m/1', 'm/2', 'm/3', 'm/4', 'm/5']);
});

it('reads what was spilled, part by part, and nothing of a slice that died', async () => {
  const { kept, options } = bucket();
  const files = new WorkStore(options);
  const dead = new Spill(files, 'drl_1/copy', 16);
  dead.add(3, 'dead');
  await dead.flush();
  const spill = new Spill(files, 'drl_1/copy', 16);
  for (let line = 0; line < 40; line += 1) spill.add(line % 7, `line ${line}`);
  await spill.flush();
  spill.add(3, 'last');
  await spill.flush();
  expect(spill.flushes.map(({ lines }) => lines)).toEqual([40, 1]);
  expect(await readPart(files, 'drl_1/copy', spill.flushes, 3)).toEqual([
    'line 3',
    'line 10',
    'line 17',
    'line 24',
    'line 31',
    'line 38',
    'last',
  ]);
  expect(await readPart(files, 'drl_1/copy', spill.flushes, 9)).toEqual([]);
  kept.delete([...kept.keys()].findLast((name) => name.endsWith('/3'))!);
  await expect(readPart(files, 'drl_1/copy', spill.flushes, 3)).rejects.toThrow(ScanFileDamaged);
});
