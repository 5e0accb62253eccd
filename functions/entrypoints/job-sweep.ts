import middy from '@middy/core';
import { sweep } from '../platform/due/sweep.ts';
import { readEnvironment } from '../platform/environment.ts';
import { logger } from '../platform/logger.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const base = operations(readEnvironment(environments['job-sweep']));

/** Sends the hints of what is due soon. Trigger: each minute. Its failure makes alerts late until the next minute that works. */
export const handler = middy().handler(async () => {
  const result = await sweep(base);
  if (result.hinted > 0) logger.info('sweep', { ...result });
  return result;
});
