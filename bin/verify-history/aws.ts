import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { historyReader, type VerifyPorts } from '../../functions/evidence/index.ts';
import type { Access } from '../operator/access.ts';
import { readStageParameter } from '../operator/stage-parameter.ts';

const sourcesSchema = z.object({ bucket: z.string(), table: z.string() });

/** The evidence of a stage and the table that it is about. @throws CommandFailure when there is no such stage. */
export const openEvidence = async (
  stage: string,
  access: Access,
): Promise<Pick<VerifyPorts, 'pages' | 'newest' | 'history'> & { close(): void }> => {
  const { bucket, table } = sourcesSchema.parse(await readStageParameter(stage, 'evidence-sources', access));
  const s3 = new S3Client({ ...access.config, forcePathStyle: access.pathStyle });
  const database = new DynamoDBClient(access.config);
  const pages = async function* () {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'digests/' }))
      for (const { Key: name = '' } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
        yield { name, text: (await Body?.transformToString()) ?? '' };
      }
  };
  return {
    pages,
    ...historyReader({ client: DynamoDBDocumentClient.from(database), table }),
    close: () => {
      s3.destroy();
      database.destroy();
    },
  };
};
