import { ListObjectsV2Command, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { readText } from './client.ts';

/** A text was refused since there is one of its name, and that could not be read either. */
export class KeptTextNotReadable extends Error {
  override readonly name = 'KeptTextNotReadable';
}

/** There is one of that name (412), or somebody is just writing it (409): https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const refusedForOther = (error: unknown): boolean =>
  error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0);

/** The object-locked bucket of evidence. The first text under a name is the one that stays. */
export class Archive {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(options: { readonly client: S3Client; readonly bucket: string }) {
    this.#client = options.client;
    this.#bucket = options.bucket;
  }

  /** Keeps a text unless there is one of that name; answers the one that is kept. */
  async keep(name: string, text: string, contentType: string): Promise<string> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: name,
          Body: text,
          ContentType: contentType,
          IfNoneMatch: '*',
          // A bucket with object lock refuses what has no checksum.
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      return text;
    } catch (error) {
      if (!refusedForOther(error)) throw error;
    }
    const kept = await this.read(name);
    if (kept === null) throw new KeptTextNotReadable(name);
    return kept;
  }

  /** Null when there is none. */
  read(name: string): Promise<string | null> {
    return readText(this.#client, this.#bucket, name);
  }

  /** The names that begin so, in order. */
  async names(prefix: string): Promise<readonly string[]> {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      found.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found.sort();
  }
}
