import type { PeopleStore } from '../people/index.ts';
import { type Clock, isoInstant, milliseconds } from '../platform/clock.ts';
import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { rotaBody, type RotaBody } from './answers.ts';
import { liveOverrides } from './domain/change.ts';
import type { Override, Rota } from './domain/rota.ts';
import { rotaPeople } from './rota-people.ts';
import * as contract from './routes.ts';
import type { OnCallRotas } from './store.ts';
import { archiveRota, changeRota } from './use-cases/change-rota.ts';
import { createRota } from './use-cases/create-rota.ts';
import { addOverride, endOverride, type MadeOverride } from './use-cases/overrides.ts';
import { tellOnCall, tellSchedule } from './use-cases/tell-on-call.ts';

export interface OnCallRoutesOptions {
  readonly rotas: OnCallRotas;
  readonly people: PeopleStore;
  readonly cursors: Cursors;
  readonly once: OnceRecords;
  readonly clock: Clock;
}

const overrideAnswer = ({ rota, override }: MadeOverride): Answer<Override> => ({
  status: 201,
  body: override,
  version: rota.version,
  location: `/v1/on-call-rotas/${rota.id}/overrides/${override.id}`,
});

export const onCallRoutes = (options: OnCallRoutesOptions): readonly BoundRoute[] => {
  const ports = { rotas: options.rotas, people: rotaPeople(options.people), clock: options.clock };
  const now = (): string => isoInstant(options.clock.now());

  const rotaAnswer = (rota: Rota): Answer<RotaBody> => ({
    status: 200,
    body: rotaBody(rota, now()),
    version: rota.version,
  });
  const createdAnswer = (rota: Rota): Answer<RotaBody> => ({
    ...rotaAnswer(rota),
    status: 201,
    location: `/v1/on-call-rotas/${rota.id}`,
  });
  const found = async (rotaId: string): Promise<Rota> => {
    const read = await options.rotas.find(rotaId);
    if (read === null) throw new NotFound('on-call rota', rotaId);
    return read.rota;
  };

  return [
    serve(contract.createRota, async ({ principal: { id, role }, body, once }) =>
      createdAnswer(
        await createRota(ports, body, {
          actor: { id, role },
          remember: remembering(options.once, once, createdAnswer),
        }),
      ),
    ),

    serve(contract.listRotas, async ({ query: { teamId, limit, cursor } }) => {
      if (teamId !== undefined) {
        const rota = await options.rotas.ofTeam(teamId);
        return { status: 200, body: { items: rota === null ? [] : [rotaBody(rota, now())], nextCursor: null } };
      }
      const scope = 'on-call-rotas';
      const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
      const page = await options.rotas.list(limit, after);
      return {
        status: 200,
        body: {
          items: page.items.map((rota) => rotaBody(rota, now())),
          nextCursor: page.next === null ? null : await options.cursors.seal(scope, page.next),
        },
      };
    }),

    serve(contract.getRota, async ({ params: { rotaId } }) => rotaAnswer(await found(rotaId))),

    serve(contract.changeRota, async ({ principal: { id, role }, params: { rotaId }, body, ifMatch }) =>
      rotaAnswer(await changeRota(ports, { rotaId, ifMatch: ifMatch ?? 0, actor: { id, role } }, body)),
    ),

    serve(contract.archiveRota, async ({ principal: { id, role }, params: { rotaId }, ifMatch }) => {
      await archiveRota(ports, { rotaId, ifMatch: ifMatch ?? 0, actor: { id, role } });
      return { status: 204 };
    }),

    serve(contract.addOverride, async ({ principal: { id, role }, params: { rotaId }, body, once }) =>
      overrideAnswer(
        await addOverride(
          ports,
          {
            rotaId,
            ifMatch: null,
            actor: { id, role },
            remember: remembering(options.once, once, overrideAnswer),
          },
          body,
        ),
      ),
    ),

    serve(contract.listOverrides, async ({ params: { rotaId } }) => {
      const rota = await found(rotaId);
      const items = rota.archivedAt === null ? [...liveOverrides(rota, now())] : [];
      return { status: 200, body: { items, nextCursor: null }, version: rota.version };
    }),

    serve(contract.endOverride, async ({ principal: { id, role }, params: { rotaId, overrideId }, ifMatch }) => {
      await endOverride(ports, { rotaId, ifMatch: ifMatch ?? 0, actor: { id, role } }, overrideId);
      return { status: 204 };
    }),

    serve(contract.getOnCall, async ({ params: { rotaId }, query: { at } }) => ({
      status: 200,
      body: await tellOnCall(ports, rotaId, at === undefined ? options.clock.now() : milliseconds(at)),
    })),

    serve(contract.getSchedule, async ({ params: { rotaId }, query }) => ({
      status: 200,
      body: { items: [...(await tellSchedule(ports, rotaId, query))], nextCursor: null },
    })),
  ];
};
