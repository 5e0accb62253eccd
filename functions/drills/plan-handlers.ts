import type * as z from 'zod';
import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import type { DrillPlan } from './domain/plan.ts';
import * as contract from './routes.ts';
import { archivePlan, changePlan, makePlan, type PlanPorts } from './use-cases/change-plan.ts';

export interface PlansOptions extends PlanPorts {
  readonly once: OnceRecords;
  readonly cursors: Cursors;
}

type PlanBody = z.input<typeof contract.planAnswer>;

const bodyOf = ({ told: _told, lookAt: _lookAt, since: _since, ...plan }: DrillPlan): PlanBody => plan;
const answerOf = (plan: DrillPlan): Answer<PlanBody> => ({ status: 200, body: bodyOf(plan), version: plan.version });
const createdAnswer = (plan: DrillPlan): Answer<PlanBody> => ({
  ...answerOf(plan),
  status: 201,
  location: `/v1/drill-plans/${plan.id}`,
});

export const plansRoutes = (options: PlansOptions): readonly BoundRoute[] => [
  serve(contract.createPlan, async ({ principal: { id, role }, body, once }) =>
    createdAnswer(await makePlan(options, body, { id, role }, remembering(options.once, once, createdAnswer))),
  ),
  serve(contract.listPlans, async ({ query: { limit, cursor, archived } }) => {
    const scope = ['drill-plans', archived];
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
    const { plans, next } = await options.plans.list(limit, after);
    const shown = plans.filter(({ archivedAt }) => (archivedAt !== null) === (archived === 'true'));
    const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
    return { status: 200, body: { items: shown.map(bodyOf), nextCursor } };
  }),
  serve(contract.getPlan, async ({ params: { planId } }) => {
    const read = await options.plans.find(planId);
    if (read === null) throw new NotFound('drill plan', planId);
    return answerOf(read.plan);
  }),
  serve(contract.patchPlan, async ({ principal: { id, role }, params: { planId }, body: changes, ifMatch }) =>
    answerOf(await changePlan(options, { id: planId, ifMatch, changes }, { id, role })),
  ),
  serve(contract.archivePlan, async ({ principal: { id, role }, params: { planId }, ifMatch }) => {
    await archivePlan(options, planId, ifMatch, { id, role });
    return { status: 204 };
  }),
];
