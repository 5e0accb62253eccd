import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { tracedCalls } from '../tracing.ts';

/** The S3 client of a function. */
export const objectClient = (): S3Client => {
  const client = new S3Client({ maxAttempts: 5 });
  client.middlewareStack.use(tracedCalls());
  return client;
};

/** What an object holds, or null when there is none. */
export const readText = async (client: S3Client, bucket: string, name: string): Promise<string | null> => {
  try {
    const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
    return (await found.Body?.transformToString('utf8')) ?? null;
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
};
