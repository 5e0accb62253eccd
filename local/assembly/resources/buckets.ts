import * as z from 'zod';
import type { BucketModel } from '../../model.ts';
import type { World } from '../world.ts';
import { numeric, resourcesOf, truth } from './typed-resources.ts';

const retention = z.object({
  Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
  Days: numeric.optional(),
  Years: numeric.optional(),
});

const schema = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  ObjectLockEnabled: truth.default(false),
  ObjectLockConfiguration: z
    .object({ Rule: z.object({ DefaultRetention: retention.optional() }).optional() })
    .optional(),
});

/** The S3 buckets. One with object lock is versioned, whatever it says. Lifecycle rules have no local counterpart: nothing expires. */
export const readBuckets = (world: World): readonly BucketModel[] =>
  resourcesOf(world, 'AWS::S3::Bucket', schema).map(({ id, arn, identity, properties }) => {
    const rule = properties.ObjectLockConfiguration?.Rule?.DefaultRetention;
    return {
      id,
      name: identity.name,
      arn,
      versioned: properties.ObjectLockEnabled || properties.VersioningConfiguration?.Status === 'Enabled',
      objectLock: properties.ObjectLockEnabled,
      defaultRetention: rule === undefined ? null : { mode: rule.Mode, days: rule.Days ?? 365 * (rule.Years ?? 0) },
    };
  });
