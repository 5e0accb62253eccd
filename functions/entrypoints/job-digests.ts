import { digestPorts, digestsHandler } from '../evidence/index.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { objectClient } from '../platform/objects/client.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';

const { EVIDENCE_BUCKET: bucket, OPERATIONS_TABLE: table, STAGE } = readEnvironment(environments['job-digests']);
const ports = digestPorts({ client: documentClient(), table, s3: objectClient(), bucket, clock });

/** Writes down where each history stands, where nobody can alter it. Trigger: daily, and hourly for what a run left over. While it fails, history is kept, but not provably. */
export const handler = digestsHandler(ports, new DeskMetrics(STAGE));
