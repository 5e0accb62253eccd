import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { readText } from '../../platform/objects/client.ts';

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

  get(name: string): Promise<string | null> {
    return readText(this.#client, this.#bucket, name);
  }
}
