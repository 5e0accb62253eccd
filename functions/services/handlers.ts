import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import type { Service } from './domain/service.ts';
import * as contract from './routes.ts';
import { changeService } from './use-cases/change-service.ts';
import { openService } from './use-cases/open-service.ts';
import type { HealthPorts, ServicePorts } from './use-cases/ports.ts';
import { tellHealth } from './use-cases/tell-health.ts';

export interface ServicesOptions extends ServicePorts, HealthPorts {
  readonly services: ServicePorts['services'];
  readonly once: OnceRecords;
  readonly cursors: Cursors;
}

const answerOf = (service: Service): Answer<Service> => ({ status: 200, body: service, version: service.version });
const createdAnswer = (service: Service): Answer<Service> => ({
  ...answerOf(service),
  status: 201,
  location: `/v1/services/${service.id}`,
});

const listScope = ['services'];

export const servicesRoutes = (options: ServicesOptions): readonly BoundRoute[] => [
  serve(contract.createService, async ({ principal: { id, role }, body, once }) =>
    createdAnswer(await openService(options, body, { id, role }, remembering(options.once, once, createdAnswer))),
  ),
  serve(contract.listServices, async ({ query: { limit, cursor } }) => {
    const after = cursor === undefined ? null : await options.cursors.open(listScope, cursor, positionSchema);
    const { services, next } = await options.services.list(limit, after);
    const nextCursor = next === null ? null : await options.cursors.seal(listScope, next);
    return { status: 200, body: { items: [...services], nextCursor } };
  }),
  serve(contract.getService, async ({ params: { serviceId } }) => {
    const read = await options.services.find(serviceId);
    if (read === null) throw new NotFound('service', serviceId);
    return answerOf(read.service);
  }),
  serve(contract.patchService, async ({ principal: { id, role }, params: { serviceId }, body: changes, ifMatch }) =>
    answerOf(await changeService(options, { id: serviceId, ifMatch, changes }, { id, role })),
  ),
  serve(contract.getHealth, async ({ params: { serviceId } }) => {
    const { service, ...health } = await tellHealth(options, serviceId);
    return { status: 200, body: { serviceId: service.id, objectives: service.objectives, ...health } };
  }),
];
