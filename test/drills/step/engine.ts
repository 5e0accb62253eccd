import type { answerOf, drillAnswerSchema } from '../../../functions/drills/domain/answer.ts';
import type { drillSchema, isOver } from '../../../functions/drills/domain/drill.ts';
import type { begin, requestCancel, sooner, step, wanted } from '../../../functions/drills/domain/step.ts';

/** What the simulation takes of the product, so that a planted fault can stand in its place. */
export interface Engine {
  readonly begin: typeof begin;
  readonly wanted: typeof wanted;
  readonly step: typeof step;
  readonly sooner: typeof sooner;
  readonly requestCancel: typeof requestCancel;
  readonly answerOf: typeof answerOf;
  readonly drillSchema: typeof drillSchema;
  readonly drillAnswerSchema: typeof drillAnswerSchema;
  readonly isOver: typeof isOver;
}
