import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { localAccess } from '../../bin/operator/access.ts';

/** The objects of a local desk's bucket, read as an operator does. */
export const objectsOf = async (url: string, bucket: string): Promise<ReadonlyMap<string, string>> => {
  const { config, pathStyle } = await localAccess(url);
  const client = new S3Client({ ...config, forcePathStyle: pathStyle });
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
