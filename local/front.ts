import { type ControlOptions, control } from './control/control.ts';
import { statusPage } from './control/status-page.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway/exchange.ts';
import type { Parts } from './parts.ts';

/** Queues are named by CloudFormation, `<stack>-<construct><hash>`: the construct is what people look for. */
const shortQueueName = (name: string): string => (name.split('-').at(-1) ?? name).replace(/[0-9A-F]{8}$/, '');

const status = ({ model, clock, host, sources, gateway, services, alarms }: Parts): GatewayAnswer =>
  statusPage({
    now: clock.now(),
    alarms: alarms.list(),
    functions: host.pools().map((pool) => ({ name: pool.model.name, ...pool.statistics() })),
    sources: sources.all.map((source) => ({
      name: source.name.replace(/\S+-(\S+?)[0-9A-F]{8}(?= )/, '$1'),
      state: sources.running(source) ? source.describe() : 'switched off',
    })),
    queues: model.queues.map(({ name, arn }) => ({ name: shortQueueName(name), ...services.queues.depth(arn) })),
    requests: gateway.recent(),
    outbox: services.outbox.list(0).slice(-10).toReversed(),
    links: ['/docs', '/openapi.json']
      .filter((path) => gateway.knows('GET', path))
      .concat('/_local/alarms', '/_local/metrics', '/_local/outbox', '/_local/clock', '/_local/backup'),
  });

/** Everything behind the port: control routes, the status page where the API has no `/`, and the API. */
export const front = (
  parts: Parts,
  { reset, deploy }: Pick<ControlOptions, 'reset' | 'deploy'>,
): ((request: GatewayRequest) => Promise<GatewayAnswer>) => {
  const { clock, faults, issuer, gateway, alarms, metrics, sources } = parts;
  const { outbox, backups } = parts.services;
  const aws = { services: parts.services, region: parts.model.region };
  const options = {
    clock,
    faults,
    issuer,
    outbox,
    alarms,
    metrics,
    sources,
    aws,
    backups,
    reset,
    deploy,
  };
  return async (request) => {
    if (request.path.startsWith('/_local/')) return control(request, options);
    if (request.path === '/' && request.method === 'GET' && !gateway.knows('GET', '/')) return status(parts);
    return gateway.answer(request);
  };
};
