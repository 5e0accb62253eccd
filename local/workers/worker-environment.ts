import type { FunctionModel } from '../model.ts';
import type { WorkerCredentials } from '../services/services.ts';

/**
 * The whole environment of a worker: the function's own variables and what Lambda sets. Nothing of the machine's
 * environment or AWS profile gets in. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const environmentOf = (
  model: FunctionModel,
  credentials: WorkerCredentials,
  cloud: { readonly endpoint: string; readonly region: string },
): Record<string, string> => ({
  ...model.environment,
  AWS_REGION: cloud.region,
  AWS_DEFAULT_REGION: cloud.region,
  AWS_LAMBDA_FUNCTION_NAME: model.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: model.codeDir,
  _HANDLER: model.handler,
  TZ: ':UTC',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_ENDPOINT_URL: cloud.endpoint,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
});
