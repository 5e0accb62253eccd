import * as z from 'zod';
import type { EventRuleModel, EventTargetModel, QueueModel } from '../../model.ts';
import { checkPattern } from '../../pattern-check.ts';
import { AssemblyError } from '../assembly-error.ts';
import type { World } from '../world.ts';
import { resourcesOf } from './typed-resources.ts';

const targetSchema = z.object({
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.never('InputPath is not supported by the local desk').optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
});

const schema = z.object({
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  State: z.string().default('ENABLED'),
  // Read once the rule is known to be on events: those of schedules have targets of other kinds.
  Targets: z.array(z.looseObject({ Arn: z.string() })).default([]),
});

const targetOf = ({ Arn, Input, InputTransformer }: z.output<typeof targetSchema>): EventTargetModel => ({
  queueArn: Arn,
  input:
    InputTransformer !== undefined
      ? { kind: 'template', paths: InputTransformer.InputPathsMap, template: InputTransformer.InputTemplate }
      : Input !== undefined
        ? { kind: 'text', text: Input }
        : null,
});

/** EventBridge rules on events that have queues for targets. Targets of other kinds have no local counterpart and are left out. */
export const readEventRules = (world: World, queues: readonly QueueModel[]): readonly EventRuleModel[] => {
  const known = new Set(queues.map(({ arn }) => arn));
  return resourcesOf(world, 'AWS::Events::Rule', schema).flatMap(({ id, identity, properties }) => {
    const { EventPattern: pattern, State, Targets } = properties;
    const toQueues = Targets.filter(({ Arn }) => known.has(Arn));
    if (pattern === undefined || toQueues.length === 0) return [];
    try {
      checkPattern(pattern);
      const targets = toQueues.map((target) => targetOf(targetSchema.parse(target)));
      return [{ id, name: identity.name, enabled: State !== 'DISABLED', pattern, targets }];
    } catch (error) {
      throw new AssemblyError(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
};
