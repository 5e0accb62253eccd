import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import type { Services } from '../services/services.ts';
import { ControlError, json } from './problem.ts';

export interface AwsControl {
  readonly services: Pick<Services, 'endpoint' | 'operatorCredentials'>;
  readonly region: string;
}

/** What an operator's tool needs to speak with the desk's services instead of AWS, by the names that the SDKs and the AWS CLI read. */
export const awsControl = (request: GatewayRequest, { services, region }: AwsControl): GatewayAnswer => {
  if (request.method !== 'GET') throw new ControlError(405, 'The address and credentials of the services take GET.');
  const { accessKeyId, secretAccessKey, sessionToken } = services.operatorCredentials();
  return json(200, {
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
};
