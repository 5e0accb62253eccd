import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../service-error.ts';

const prefix = 'x-amz-checksum-';

const crc32Of = (body: Buffer): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};

const digests: Readonly<Record<string, (body: Buffer) => string>> = {
  crc32: crc32Of,
  sha1: (body) => createHash('sha1').update(body).digest('base64'),
  sha256: (body) => createHash('sha256').update(body).digest('base64'),
};

/**
 * Checks what was sent against the checksums sent with it, and answers the checksum header to keep with the object. The SDK sends
 * CRC32 unless it is told otherwise (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
 * @throws ServiceError BadDigest, or NotImplemented for an algorithm that is not known here.
 */
export function checkedChecksum(headers: IncomingHttpHeaders, body: Buffer): Readonly<Record<string, string>> {
  if (headers['content-encoding']?.includes('aws-chunked') === true)
    throw new ServiceError('NotImplemented', 'The local desk takes whole bodies only, no aws-chunked streams', 501);
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5)
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(prefix) || typeof value !== 'string') continue;
    const algorithm = name.slice(prefix.length);
    const digest = digests[algorithm];
    if (digest === undefined)
      throw new ServiceError('NotImplemented', `The local desk does not know the checksum ${algorithm}`, 501);
    if (digest(body) !== value)
      throw new ServiceError(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    kept[name] = value;
  }
  return kept;
}

export const isChecksum = (header: string): boolean => header.startsWith(prefix);
