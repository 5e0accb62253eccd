import { statSync } from 'node:fs';
import * as z from 'zod';
import type { FunctionModel, RoleModel } from '../../model.ts';
import { AssemblyError } from '../assembly-error.ts';
import type { World } from '../world.ts';
import { numeric, resourcesOf, type TypedResource } from './typed-resources.ts';

const schema = z.object({
  Code: z.object({ S3Key: z.string().optional(), ZipFile: z.string().optional() }),
  Handler: z.string().default('index.handler'),
  Runtime: z.string().optional(),
  Role: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
  Timeout: numeric.default(3),
  MemorySize: numeric.default(128),
  ReservedConcurrentExecutions: numeric.optional(),
});
type FunctionResource = TypedResource<z.output<typeof schema>>;

const entrypoint = /^(?:http|stream|queue|job)-[a-z0-9-]+$/;
const entrypointAtEnd = /(?:^|-)((?:http|stream|queue|job)-[a-z0-9-]+)$/;

/** The entrypoint's name: from the construct's path, else from the explicit function name, else the logical id. */
const shortName = (resource: FunctionResource): string => {
  const path = String(resource.stack.stack.template.Resources[resource.logicalId]?.Metadata['aws:cdk:path'] ?? '');
  const fromPath = path.split('/').findLast((part) => entrypoint.test(part));
  return fromPath ?? entrypointAtEnd.exec(resource.identity.name)?.[1] ?? resource.logicalId;
};

const codeDirOf = (resource: FunctionResource): string => {
  const key = resource.properties.Code.S3Key;
  // Inline code belongs to CDK's own providers, which act at deployment and never here.
  if (key === undefined) return '';
  const path = resource.stack.stack.assets.get(key);
  if (path === undefined) throw new AssemblyError(`${resource.id}: the assembly has no asset ${key}`);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new AssemblyError(`${resource.id}: its asset ${path} is no folder`);
  return path;
};

/** The Lambda functions of all stacks. */
export const readFunctions = (world: World, roles: readonly RoleModel[]): readonly FunctionModel[] =>
  resourcesOf(world, 'AWS::Lambda::Function', schema).map((resource) => {
    const { properties } = resource;
    const role = roles.find(({ arn }) => arn === properties.Role);
    if (role === undefined) throw new AssemblyError(`${resource.id}: its role ${properties.Role} is in no stack`);
    return {
      id: resource.id,
      name: shortName(resource),
      arn: resource.arn,
      codeDir: codeDirOf(resource),
      handler: properties.Handler,
      environment: properties.Environment.Variables,
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      roleId: role.id,
      reservedConcurrency: properties.ReservedConcurrentExecutions ?? null,
    };
  });

/** Finds a function by its name or its ARN, with or without a version or an alias behind it. @throws AssemblyError when there is none. */
export const functionNamed = (functions: readonly FunctionModel[], reference: string, place: string): FunctionModel => {
  const found = functions.find(
    ({ arn }) =>
      arn === reference || reference.startsWith(`${arn}:`) || arn.endsWith(`:function:${reference.split(':')[0]}`),
  );
  if (found === undefined) throw new AssemblyError(`${place} names the function ${reference}, which no stack has`);
  return found;
};
