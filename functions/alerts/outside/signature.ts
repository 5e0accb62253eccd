import { createHmac, randomBytes } from 'node:crypto';

/** A secret for one subscription: 256 bits. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64url')}`;

/** `v1=` and the HMAC-SHA256 over `<timestamp>.<body>` in hex, keyed with the secret as it was shown. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
