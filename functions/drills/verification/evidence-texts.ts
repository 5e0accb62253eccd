import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** Where manifests are kept for good. */
export interface ManifestArchive {
  /** Keeps a text unless there is one of that name; answers the one that is kept. */
  keep(name: string, text: string): Promise<string>;
  /** Null when there is none. */
  read(name: string): Promise<string | null>;
  /** The names that begin so, in order. */
  names(prefix: string): Promise<readonly string[]>;
}

/** There is one of that name (412), or somebody is just writing it (409): https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const refusedForOther = (error: unknown): boolean =>
  error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0);

/** The object-locked bucket of evidence. The first text under a name is the one that stays. */
export class EvidenceTexts implements ManifestArchive {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(options: { readonly client: S3Client; readonly bucket: string }) {
    this.#client = options.client;
    this.#bucket = options.bucket;
  }

  async keep(name: string, text: string): Promise<string> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: name,
          Body: text,
          ContentType: 'application/json',
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
    if (kept === null) throw new Error(`${name} was refused since there is one, and there is none.`);
    return kept;
  }

  async read(name: string): Promise<string | null> {
    try {
      const found = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: name }));
      return (await found.Body?.transformToString('utf8')) ?? null;
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }

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
