import * as z from 'zod';
import type { FunctionModel, ScheduleModel } from '../../model.ts';
import type { World } from '../world.ts';
import { functionNamed } from './functions.ts';
import { numeric, resourcesOf } from './typed-resources.ts';

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.string().default('ENABLED'),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().default('{}'),
    RetryPolicy: z.object({ MaximumRetryAttempts: numeric.default(185) }).default({ MaximumRetryAttempts: 185 }),
  }),
});

const ruleSchema = z.object({
  ScheduleExpression: z.string().optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(z.object({ Arn: z.string(), Input: z.string().default('{}') })).default([]),
});

/** Schedules of EventBridge Scheduler, and scheduled rules of EventBridge. Rules on events are read by `event-rules.ts`. */
export const readSchedules = (world: World, functions: readonly FunctionModel[]): readonly ScheduleModel[] => [
  ...resourcesOf(world, 'AWS::Scheduler::Schedule', scheduleSchema).map(({ id, identity, properties }) => ({
    id,
    name: identity.name,
    expression: properties.ScheduleExpression,
    timezone: properties.ScheduleExpressionTimezone,
    targetFunctionId: functionNamed(functions, properties.Target.Arn, id).id,
    input: properties.Target.Input,
    enabled: properties.State === 'ENABLED',
    retryAttempts: properties.Target.RetryPolicy.MaximumRetryAttempts,
  })),
  ...resourcesOf(world, 'AWS::Events::Rule', ruleSchema).flatMap(({ id, identity, properties }) => {
    const expression = properties.ScheduleExpression;
    if (expression === undefined) return [];
    return properties.Targets.map((target, index) => ({
      id: `${id}/${index}`,
      name: identity.name,
      expression,
      timezone: 'UTC',
      targetFunctionId: functionNamed(functions, target.Arn, id).id,
      input: target.Input,
      enabled: properties.State === 'ENABLED',
      retryAttempts: 2,
    }));
  }),
];
