import { randomBytes } from 'node:crypto';

/** A trace header as X-Ray writes it; nothing samples it. https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html */
export const traceId = (): string => {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
};
