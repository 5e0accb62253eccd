import type { IncomingHttpHeaders } from 'node:http';
import type { BucketModel } from '../../model.ts';
import { ServiceError } from '../service-error.ts';
import type { ObjectLock } from './object-store.ts';

const dayMs = 86_400_000;

const headerOf = (headers: IncomingHttpHeaders, name: string): string | null => {
  const value = headers[`x-amz-object-lock-${name}`];
  return typeof value === 'string' ? value : null;
};

const malformed = (message: string): never => {
  throw new ServiceError('InvalidArgument', message);
};

/** The lock that a PutObject asks for, or else the bucket's own. @throws ServiceError when S3 would refuse it. */
export function requestedLock(bucket: BucketModel, headers: IncomingHttpHeaders, now: number): ObjectLock {
  const mode = headerOf(headers, 'mode');
  const until = headerOf(headers, 'retain-until-date');
  const legalHold = headerOf(headers, 'legal-hold');
  if (mode === null && until === null && legalHold === null) return defaultLock(bucket, now);
  if (!bucket.objectLock) throw new ServiceError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  if ((mode === null) !== (until === null))
    return malformed('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  if (legalHold !== null && legalHold !== 'ON' && legalHold !== 'OFF') return malformed('Unknown legal hold status');
  const held = legalHold === 'ON';
  if (mode === null || until === null) return { ...defaultLock(bucket, now), legalHold: held };
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') return malformed('Unknown wormMode directive.');
  const retainUntil = Date.parse(until);
  if (Number.isNaN(retainUntil)) return malformed('The retain until date must be provided in ISO 8601 format');
  if (retainUntil <= now) return malformed('The retain until date must be in the future!');
  return { mode, retainUntil, legalHold: held };
}

function defaultLock({ defaultRetention }: BucketModel, now: number): ObjectLock {
  if (defaultRetention === null) return { mode: null, retainUntil: null, legalHold: false };
  return { mode: defaultRetention.mode, retainUntil: now + defaultRetention.days * dayMs, legalHold: false };
}

/** What the caller must be allowed to do beside putting the object. */
export function lockActions(headers: IncomingHttpHeaders): readonly string[] {
  return [
    ...(headerOf(headers, 'mode') === null ? [] : ['s3:PutObjectRetention']),
    ...(headerOf(headers, 'legal-hold') === null ? [] : ['s3:PutObjectLegalHold']),
  ];
}

export function lockHeaders({ mode, retainUntil, legalHold }: ObjectLock): Record<string, string> {
  return {
    ...(mode !== null && retainUntil !== null
      ? {
          'x-amz-object-lock-mode': mode,
          'x-amz-object-lock-retain-until-date': new Date(retainUntil).toISOString(),
        }
      : {}),
    ...(legalHold ? { 'x-amz-object-lock-legal-hold': 'ON' } : {}),
  };
}

/** Whether a version may be removed for good: `bypass` overrides governance, and nothing overrides compliance or a legal hold. */
export function removable({ mode, retainUntil, legalHold }: ObjectLock, now: number, bypass: boolean): boolean {
  if (legalHold) return false;
  if (mode === null || retainUntil === null || retainUntil <= now) return true;
  return mode === 'GOVERNANCE' && bypass;
}
