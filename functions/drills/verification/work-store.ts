import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { tracedCalls } from '../../platform/tracing.ts';

/** The S3 client of a function. */
export const workClient = (): S3Client => {
  const client = new S3Client({ maxAttempts: 5 });
  client.middlewareStack.use(tracedCalls());
  return client;
};

/** Where records of a scan lie until they are compared. */
export interface WorkFiles {
  put(name: string, text: string): Promise<void>;
  /** Null when there is none. */
  get(name: string): Promise<string | null>;
}

/** A bucket of which nobody needs anything a week later. */
export class WorkStore implements WorkFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(options: { readonly client: S3Client; readonly bucket: string }) {
    this.#client = options.client;
    this.#bucket = options.bucket;
  }

  async put(name: string, text: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: name, Body: text }));
  }

  async get(name: string): Promise<string | null> {
    try {
      const found = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: name }));
      return (await found.Body?.transformToString('utf8')) ?? null;
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }
}
