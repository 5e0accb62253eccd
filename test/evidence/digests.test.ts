import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { Readable } from 'node:stream';
import { sdkStreamMixin } from '@smithy/core/serde';
import { readPage } from '../../functions/evidence/domain/digest-page.ts';
import { digestPorts } from '../../functions/evidence/index.ts';
import { writeDigest } from '../../functions/evidence/use-cases/write-digest.ts';
import { open } from '../../functions/desk/use-cases/open.ts';
import { agent, deskOn, TestClock } from '../desk/desk-on-engine.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import '../quiet.ts';

const day = 86_400_000;
const start = Date.parse('2026-03-02T09:00:00Z');

let engine: Engine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 240_000);
afterAll(() => engine.stop());

const refused = (status: number, name: string) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });

/** A bucket as S3 is to conditional writes. */
const bucket = () => {
  const kept = new Map<string, string>();
  const s3 = mockClient(S3Client);
  s3.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch, ChecksumAlgorithm }) => {
    expect({ IfNoneMatch, ChecksumAlgorithm }).toEqual({ IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' });
    if (kept.has(Key)) throw refused(412, 'PreconditionFailed');
    kept.set(Key, Body);
    return {};
  });
  s3.on(GetObjectCommand).callsFake(({ Key }) => ({ Body: sdkStreamMixin(Readable.from([kept.get(Key) ?? ''])) }));
  return { kept, s3 };
};

/** What the digests work with, and the bucket's objects. */
const digests = (clock: TestClock) => {
  const { kept, s3 } = bucket();
  const { client, tables } = engine;
  const ports = digestPorts({
    client,
    table: tables.operations,
    s3: s3 as unknown as S3Client,
    bucket: 'evidence',
    clock,
  });
  return { kept, ports };
};

it('writes down each entity that has an event since the last digest, whatever it is, and nothing else', async () => {
  const clock = new TestClock(start);
  const desk = await deskOn(engine, clock);
  const { kept, ports } = digests(clock);
  const openOne = (subject: string) => open(desk, agent, { ...desk.newTicket, subject }, () => undefined);
  const first = await openOne('first');
  clock.at += day / 24;
  expect(await writeDigest(ports)).toMatchObject({ day: '2026-03-02', pages: 1, more: false });
  expect(await writeDigest(ports)).toEqual({ day: '2026-03-02', pages: 0, marks: 0, more: false });
  clock.at += day;
  const second = await openOne('second');
  await writeDigest(ports);
  const pages = [...kept.values()].map(readPage);
  const keys = pages.map(({ marks }) => marks.map(({ key }) => key));
  expect(keys[0]).toEqual(
    expect.arrayContaining([`TKT#${first.id}`, `CUS#${desk.customer.id}`, `TEM#${desk.team.id}`]),
  );
  expect(keys[1]).toEqual([`TKT#${second.id}`]);
  expect(pages[1]?.header.previous?.name).toBe('digests/2026-03-02/00001.jsonl');
});

it('goes on behind a page that an earlier run has kept and not counted', async () => {
  const clock = new TestClock(start + 10 * day);
  const { kept, ports } = digests(clock);
  const before = await ports.progress.read();
  let writes = 0;
  const dies = { ...ports.progress, read: () => ports.progress.read() };
  const write = async (progress: Parameters<typeof ports.progress.write>[0]): Promise<boolean> => {
    writes += 1;
    if (writes === 2) throw new Error('killed');
    return ports.progress.write(progress);
  };
  await expect(writeDigest({ ...ports, progress: { ...dies, write } })).rejects.toThrow('killed');
  expect([...kept.keys()]).toEqual(['digests/2026-03-12/00001.jsonl']);
  expect(await writeDigest(ports)).toMatchObject({ day: '2026-03-12', pages: 1, more: false });
  expect(kept.size).toBe(1);
  const after = await ports.progress.read();
  expect(after).toMatchObject({
    version: (before?.version ?? 0) + 2,
    previous: { name: 'digests/2026-03-12/00001.jsonl' },
  });
});
