import type { Strict } from '../strict.ts';
import type { GatewayRequest } from './exchange.ts';

/** What the gateway bears. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export interface GatewayLimits {
  /** 30 s for an HTTP API, which the strict profile stays one under: what answers in time there does so in a REST API too. */
  readonly integrationTimeoutMs: number;
  /** Request line and header values together. */
  readonly headerBytes: number;
}

const comfortable: GatewayLimits = { integrationTimeoutMs: 30_000, headerBytes: Infinity };
const strictly: GatewayLimits = { integrationTimeoutMs: 29_000, headerBytes: 10_240 };

export const gatewayLimits = (strict: Strict | null): GatewayLimits => (strict === null ? comfortable : strictly);

/** The size of request line and header values, as the quota counts it. */
export const headerBytes = ({ method, path, query, headers }: GatewayRequest): number => {
  const line = `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1`;
  return Object.values(headers).reduce((sum, value) => sum + Buffer.byteLength(value), Buffer.byteLength(line));
};
