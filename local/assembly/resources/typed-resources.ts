import * as z from 'zod';
import { AssemblyError } from '../assembly-error.ts';
import type { Identity } from '../identifiers.ts';
import { refOf, attributeOf } from '../identifiers.ts';
import type { StackScope } from '../stack-scope.ts';
import type { World } from '../world.ts';

/** One resource of the assembly with its properties checked. */
export interface TypedResource<Properties> {
  /** `<stack>/<logical id>` */
  readonly id: string;
  readonly logicalId: string;
  readonly stack: StackScope;
  readonly identity: Identity;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Properties;
}

/** CloudFormation lets numbers and truth values stand as texts. */
export const numeric = z.coerce.number();
export const truth = z.union([z.boolean(), z.stringbool()]);

const typed = <Schema extends z.ZodType>(
  stack: StackScope,
  logicalId: string,
  schema: Schema,
): TypedResource<z.output<Schema>> => {
  const identity = stack.identity(logicalId);
  const result = schema.safeParse(stack.properties(logicalId));
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `Properties.${issue.path.join('.')}: ${issue.message}`);
    throw new AssemblyError(`${identity.place} (${identity.type}): ${problems.join('; ')}`);
  }
  const arn = String(attributeOf(identity, 'Arn'));
  return { id: identity.place, logicalId, stack, identity, ref: refOf(identity), arn, properties: result.data };
};

/** Every resource of a type, over all stacks. @throws AssemblyError naming what does not fit. */
export const resourcesOf = <Schema extends z.ZodType>(
  world: World,
  type: string,
  schema: Schema,
): readonly TypedResource<z.output<Schema>>[] =>
  world.stacks.flatMap((stack) => stack.resources(type).map(([logicalId]) => typed(stack, logicalId, schema)));
