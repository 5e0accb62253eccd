import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { tracedCalls } from '../platform/tracing.ts';

/** The S3 client of a function. */
export const archiveClient = (): S3Client => {
  const client = new S3Client({ maxAttempts: 5 });
  client.middlewareStack.use(tracedCalls());
  return client;
};

/** A page was refused since one is there, and it could not be read either. */
export class PageNotReadable extends Error {
  override readonly name = 'PageNotReadable';
}

/** There is one of that name (412), or somebody is just writing it (409): https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const refusedForOther = (error: unknown): boolean =>
  error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0);

/** The object-locked bucket. The first text under a name is the one that stays. */
export class Archive {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(options: { readonly client: S3Client; readonly bucket: string }) {
    this.#client = options.client;
    this.#bucket = options.bucket;
  }

  /** Keeps a text unless there is one of that name; answers the one that is kept. */
  async keep(name: string, text: string): Promise<string> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: name,
          Body: text,
          ContentType: 'application/x-ndjson',
          IfNoneMatch: '*',
          // A bucket with object lock refuses what has no checksum.
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      return text;
    } catch (error) {
      if (!refusedForOther(error)) throw error;
    }
    const found = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: name }));
    if (found.Body === undefined) throw new PageNotReadable(name);
    return found.Body.transformToString('utf8');
  }
}
