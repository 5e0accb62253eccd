import * as z from 'zod';
import type { FaultKind, Faults, FaultTarget } from '../faults/faults.ts';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import { ControlError, json, nothing, parseBody } from './problem.ts';

const stream: readonly FaultKind[] = ['throttle', 'crash-before', 'crash-after', 'duplicate', 'delay'];

/** What can happen to what. */
const possible: Readonly<Record<FaultTarget, readonly FaultKind[]>> = {
  'stream:kpi': stream,
  'stream:alerts': stream,
  queue: ['throttle', 'crash-before', 'crash-after', 'duplicate', 'delay', 'drop'],
  sns: ['throttle', 'crash-before', 'crash-after', 'duplicate', 'delay', 'drop'],
  webhook: ['throttle', 'crash-before', 'crash-after', 'duplicate', 'delay', 'drop'],
  s3: ['throttle', 'crash-before', 'crash-after', 'delay', 'drop'],
  dynamodb: ['throttle', 'crash-before', 'crash-after', 'delay', 'conflict'],
  worker: ['throttle', 'crash-before', 'crash-after', 'delay'],
  // `drop`: a job that is started never comes to its end. `conflict`: there are too many jobs at once.
  backup: ['throttle', 'crash-before', 'crash-after', 'delay', 'drop', 'conflict'],
  events: ['drop', 'duplicate', 'delay'],
  // No function sends by SES yet.
  ses: [],
};

const because: Readonly<Partial<Record<FaultTarget, string>>> = {
  'stream:kpi': 'A stream cannot drop records nor conflict.',
  'stream:alerts': 'A stream cannot drop records nor conflict.',
  ses: 'No function sends by SES yet.',
  events: 'EventBridge brings events once, twice, late or not at all.',
};

const bodySchema = z.strictObject({
  target: z.enum([
    'stream:kpi',
    'stream:alerts',
    'queue',
    'sns',
    'webhook',
    's3',
    'ses',
    'dynamodb',
    'backup',
    'events',
    'worker',
  ]),
  fault: z.enum(['throttle', 'crash-before', 'crash-after', 'duplicate', 'delay', 'drop', 'conflict']),
  count: z.int().min(1).max(1_000_000).default(1),
  probability: z.number().gt(0).max(1).default(1),
});

/** POST adds a fault, GET lists them with how often they struck, DELETE clears. @throws ControlError 400. */
export const faultControl = (request: GatewayRequest, faults: Faults): GatewayAnswer => {
  switch (request.method) {
    case 'GET':
      return json(200, { items: faults.list() });
    case 'DELETE':
      faults.clear();
      return nothing;
    case 'POST': {
      const fault = parseBody(request.body, bodySchema);
      const allowed = possible[fault.target];
      if (!allowed.includes(fault.fault)) {
        const reason = because[fault.target] ?? '';
        throw new ControlError(
          400,
          `The fault ${fault.fault} cannot happen to ${fault.target}. ${reason} Possible: ${allowed.join(', ') || 'none'}.`,
        );
      }
      return json(201, faults.add(fault));
    }
    default:
      throw new ControlError(405, 'Faults take GET, POST and DELETE.');
  }
};
