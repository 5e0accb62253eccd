import { alertProjection } from '../alerts/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { streamHandler } from '../platform/stream/pipeline.ts';
import { alertDelivery } from './alert-topic.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['stream-alerts']);
const metrics = new DeskMetrics(environment.STAGE);

const project = alertProjection({ ...operations(environment), ...alertDelivery(environment), metrics });

/** Tells subscribers of an alert seconds after its event. Trigger: the operations stream. Its failure makes alerts a minute late. */
export const handler = streamHandler(() => ({ project }), metrics);
