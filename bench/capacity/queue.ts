import { SQSClient } from '@aws-sdk/client-sqs';

/** An SQS client that takes everything and counts the calls: hints cost a request, and go nowhere here. */
export const countingQueue = (): { readonly sqs: SQSClient; calls(): number } => {
  let calls = 0;
  const sqs = new SQSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  sqs.middlewareStack.add(
    () => async () => {
      calls += 1;
      return { output: { $metadata: {}, Successful: [], Failed: [] }, response: {} };
    },
    { step: 'initialize', name: 'countingQueue' },
  );
  return { sqs, calls: () => calls };
};
