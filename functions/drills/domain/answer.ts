import * as z from 'zod';
import {
  type Drill,
  legSchema,
  methodSchema,
  drillStates,
  objectivesSchema,
  recoveryPointSchema,
  verdictSchema,
} from './drill.ts';
import { integrityCheckSchema } from './integrity.ts';
import { checksOf, rpoOf, rtoOf } from './outcome.ts';

/** A drill as it is answered (contract.md). Figures that are not known, or not yet, are null, and never a zero that looks good. */
export const drillAnswerSchema = z.object({
  id: z.string(),
  planId: z.string().nullable(),
  serviceId: z.string().nullable(),
  table: z.string(),
  method: methodSchema,
  recoveryPoint: z.enum(['newest', 'fresh']),
  atRest: z.boolean(),
  objectives: objectivesSchema,
  costCeiling: z.number().nullable(),
  requestedBy: z.object({ id: z.string(), role: z.string() }),
  requestedAt: z.string(),
  cancelRequested: z.object({ at: z.string(), by: z.string() }).nullable(),
  state: z.enum(drillStates),
  verdict: verdictSchema.nullable(),
  reasons: z.array(z.string()),
  /** When the disaster was declared; until then, when the drill was asked for. */
  declaredAt: z.string(),
  legs: z.array(legSchema),
  recoveryPointUsed: recoveryPointSchema.nullable(),
  rpo: z.object({
    seconds: z.number().nullable(),
    errorBoundSeconds: z.number().nullable(),
    lostRecords: z.number().nullable(),
    oldestLostAt: z.string().nullable(),
    newestCanaryAt: z.string().nullable(),
    met: z.boolean().nullable(),
  }),
  rto: z.object({
    seconds: z.number().nullable(),
    errorBoundSeconds: z.number().nullable(),
    met: z.boolean().nullable(),
  }),
  /** Counts are zero until the copy was compared, and its checks unknown. */
  integrity: z.object({
    items: z.number(),
    compared: z.number(),
    missing: z.number(),
    altered: z.number(),
    torn: z.number(),
    checks: z.array(integrityCheckSchema),
  }),
  scratchTable: z.object({ name: z.string(), removedAt: z.string().nullable() }),
  cost: z.object({ estimate: z.number() }),
  endedAt: z.string().nullable(),
  report: z.object({ html: z.string(), markdown: z.string(), sha256: z.string() }).nullable(),
  version: z.number(),
});
export type DrillAnswer = z.infer<typeof drillAnswerSchema>;

export const answerOf = (drill: Drill): DrillAnswer => {
  const { items = 0, compared = 0, missing = 0, altered = 0, torn = 0 } = drill.integrity ?? {};
  return {
    id: drill.id,
    planId: drill.planId,
    serviceId: drill.serviceId,
    table: drill.table,
    method: drill.method,
    recoveryPoint: drill.recoveryPoint,
    atRest: drill.atRest,
    objectives: drill.objectives,
    costCeiling: drill.costCeiling,
    requestedBy: drill.requestedBy,
    requestedAt: drill.requestedAt,
    cancelRequested: drill.cancelRequested,
    state: drill.state,
    verdict: drill.verdict,
    reasons: drill.reasons,
    declaredAt: drill.declaredAt ?? drill.requestedAt,
    legs: drill.legs,
    recoveryPointUsed: drill.recoveryPointUsed,
    rpo: { ...rpoOf(drill) },
    rto: { ...rtoOf(drill) },
    integrity: { items, compared, missing, altered, torn, checks: [...checksOf(drill)] },
    scratchTable: drill.scratchTable,
    cost: drill.cost,
    endedAt: drill.endedAt,
    report: drill.report,
    version: drill.version,
  };
};
