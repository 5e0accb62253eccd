import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';

const awsSchema = z.record(
  z.enum(['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']),
  z.string(),
);

const clientOf = async (url: string): Promise<S3Client> => {
  const aws = awsSchema.parse(await (await fetch(`${url}/_local/aws`)).json());
  return new S3Client({
    endpoint: aws.AWS_ENDPOINT_URL,
    region: aws.AWS_REGION,
    credentials: {
      accessKeyId: aws.AWS_ACCESS_KEY_ID,
      secretAccessKey: aws.AWS_SECRET_ACCESS_KEY,
      sessionToken: aws.AWS_SESSION_TOKEN,
    },
  });
};

/** The objects of a local desk's bucket, read as an operator does. */
export const objectsOf = async (url: string, bucket: string): Promise<ReadonlyMap<string, string>> => {
  const client = await clientOf(url);
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const read = Contents.map(async ({ Key = '' }): Promise<[string, string]> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return [Key, (await Body?.transformToString()) ?? ''];
    });
    return new Map(await Promise.all(read));
  } finally {
    client.destroy();
  }
};
