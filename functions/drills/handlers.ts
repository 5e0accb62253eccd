import { IllegalTransition, NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { answerOf, type DrillAnswer } from './domain/answer.ts';
import { type Drill, isOver } from './domain/drill.ts';
import { htmlReport, reportPolicy } from './report/html.ts';
import { markdownReport } from './report/markdown.ts';
import * as contract from './routes.ts';
import { cancelDrill } from './use-cases/cancel-drill.ts';
import { reportTypes } from './use-cases/keep-report.ts';
import { listDrills } from './use-cases/list-drills.ts';
import { requestDrill, type RequestPorts } from './use-cases/request-drill.ts';

export interface DrillsOptions extends RequestPorts {
  readonly once: OnceRecords;
  readonly cursors: Cursors;
  /** A text that is kept as evidence, or null. */
  readonly evidence: { read(name: string): Promise<string | null> };
}

const answered = (status: number, drill: Drill): Answer<DrillAnswer> => ({
  status,
  body: answerOf(drill),
  ...(status === 202 ? { location: `/v1/drills/${drill.id}` } : { version: drill.version }),
});
const accepted = (drill: Drill): Answer<DrillAnswer> => answered(202, drill);

const drillOf = async ({ drills }: Pick<DrillsOptions, 'drills'>, id: string): Promise<Drill> => {
  const read = await drills.find(id);
  if (read === null) throw new NotFound('drill', id);
  return read.drill;
};

const renderers = { html: htmlReport, markdown: markdownReport } as const;

export const drillsRoutes = (options: DrillsOptions): readonly BoundRoute[] => [
  serve(contract.startDrill, async ({ principal: { id, role }, body, once }) =>
    accepted(await requestDrill(options, body, { id, role }, remembering(options.once, once, accepted))),
  ),
  serve(contract.listDrills, async ({ query: { limit, cursor, ...filter } }) => {
    const { table = null, verdict = null, state = null, planId = null } = filter;
    const scope = ['drills', table, verdict, state, planId];
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
    const { drills, next } = await listDrills(options, filter, { limit, after });
    const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
    return { status: 200, body: { items: drills.map(answerOf), nextCursor } };
  }),
  serve(contract.getDrill, async ({ params: { drillId } }) => answered(200, await drillOf(options, drillId))),
  serve(contract.cancelDrill, async ({ principal, params: { drillId }, once }) =>
    accepted(await cancelDrill(options, drillId, principal, remembering(options.once, once, accepted))),
  ),
  serve(contract.getReport, async ({ params: { drillId }, query: { format } }) => {
    const drill = await drillOf(options, drillId);
    if (!isOver(drill))
      throw new IllegalTransition(`The drill is not over, it is ${drill.state}; its report comes then.`);
    const kept = drill.report === null ? null : await options.evidence.read(drill.report[format]);
    return {
      status: 200,
      body: kept ?? renderers[format](drill),
      media: { headers: { 'content-type': reportTypes[format], 'content-security-policy': reportPolicy } },
    };
  }),
];
