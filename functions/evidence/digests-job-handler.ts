import { note } from '../platform/correlation.ts';
import { jobHandler } from '../platform/job/pipeline.ts';
import type { DeskMetrics } from '../platform/metrics.ts';
import { type DigestPorts, type DigestResult, writeDigest } from './use-cases/write-digest.ts';

/** One run of the digests. A day that is done already costs one read. */
export const digestsHandler = (ports: DigestPorts, metrics: DeskMetrics) =>
  jobHandler({
    line: 'history digest',
    metrics,
    run: async (): Promise<DigestResult> => {
      const result = await writeDigest(ports);
      note({ items: result.marks, more: result.more });
      return result;
    },
  });
