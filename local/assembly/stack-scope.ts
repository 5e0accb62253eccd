import { AssemblyError } from './assembly-error.ts';
import { attributeOf, type Identity, namePropertyOf, refOf } from './identifiers.ts';
import { noValue, resolveValue, type Scope } from './intrinsics.ts';
import type { Stack, TemplateResource } from './template.ts';

/** What a stack may ask of the others. */
export interface OtherStacks {
  exported(name: string, place: string): unknown;
  ssmParameter(name: string, place: string): string;
}

/** One stack with everything in it resolvable. */
export class StackScope {
  readonly stack: Stack;
  readonly #world: OtherStacks;

  constructor(stack: Stack, world: OtherStacks) {
    this.stack = stack;
    this.#world = world;
  }

  /** The resources of a type whose condition holds: logical id and resource. */
  resources(type: string): readonly (readonly [string, TemplateResource])[] {
    return Object.entries(this.stack.template.Resources).filter(
      ([, resource]) =>
        resource.Type === type && (resource.Condition === undefined || this.condition(resource.Condition)),
    );
  }

  /** All properties of a resource, resolved. */
  properties(logicalId: string): Readonly<Record<string, unknown>> {
    const scope = this.#scopeOf(logicalId);
    return Object.fromEntries(
      Object.entries(this.#resource(logicalId).Properties)
        .map(([name, value]) => [name, resolveValue(value, scope, `Properties.${name}`)] as const)
        .filter(([, value]) => value !== noValue),
    );
  }

  identity(logicalId: string): Identity {
    const resource = this.#resource(logicalId);
    const scope = this.#scopeOf(logicalId);
    const property = (name: string): unknown => resolveValue(resource.Properties[name], scope, `Properties.${name}`);
    const nameProperty = namePropertyOf(resource.Type);
    const explicit = nameProperty === null ? undefined : property(nameProperty);
    const name = typeof explicit === 'string' ? explicit : `${this.stack.name}-${logicalId}`;
    return {
      place: scope.place,
      type: resource.Type,
      account: this.stack.account,
      region: this.stack.region,
      name,
      property,
    };
  }

  condition(name: string): boolean {
    const condition = this.stack.template.Conditions[name];
    if (condition === undefined) throw new AssemblyError(`${this.stack.name} has no condition ${name}`);
    return resolveValue(condition, this.#scopeOf(`Conditions.${name}`), `Conditions.${name}`) === true;
  }

  /** The value that the stack exports under a name, or undefined. */
  exported(name: string): unknown {
    for (const [id, output] of Object.entries(this.stack.template.Outputs)) {
      const scope = this.#scopeOf(`Outputs.${id}`);
      if (output.Export === undefined || (output.Condition !== undefined && !this.condition(output.Condition)))
        continue;
      if (resolveValue(output.Export.Name, scope, 'Export.Name') === name)
        return resolveValue(output.Value, scope, 'Value');
    }
    return undefined;
  }

  #resource(logicalId: string): TemplateResource {
    const resource = this.stack.template.Resources[logicalId];
    if (resource === undefined) throw new AssemblyError(`${this.stack.name} has no resource ${logicalId}`);
    return resource;
  }

  #scopeOf(logicalId: string): Scope {
    const place = `${this.stack.name}/${logicalId}`;
    return {
      place,
      ref: (name) => this.#ref(name, place),
      attribute: (name, attribute) =>
        attributeOf({ ...this.#identityFor(name, place), place: `${place} refers to ${name}` }, attribute),
      condition: (name) => this.condition(name),
      mapping: (map, top, second) => {
        const value = this.stack.template.Mappings[map]?.[top]?.[second];
        if (value === undefined) throw new AssemblyError(`${place}: the mappings have no ${map}.${top}.${second}`);
        return value;
      },
      importValue: (name) => this.#world.exported(name, place),
      ssmParameter: (name) => this.#world.ssmParameter(name, place),
    };
  }

  #identityFor(logicalId: string, place: string): Identity {
    if (this.stack.template.Resources[logicalId] !== undefined) return this.identity(logicalId);
    throw new AssemblyError(`${place} refers to ${logicalId}, which ${this.stack.name} does not have`);
  }

  #ref(name: string, place: string): unknown {
    const pseudo: Readonly<Record<string, unknown>> = {
      'AWS::Region': this.stack.region,
      'AWS::AccountId': this.stack.account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': this.stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${this.stack.region}:${this.stack.account}:stack/${this.stack.name}/local`,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': noValue,
    };
    if (name in pseudo) return pseudo[name];
    const parameter = this.stack.template.Parameters[name];
    if (parameter === undefined) return refOf(this.#identityFor(name, place));
    if (parameter.Default === undefined)
      throw new AssemblyError(`${place}: the parameter ${name} has no default value`);
    if (!parameter.Type.startsWith('AWS::SSM::Parameter::Value<')) return parameter.Default;
    const value = this.#world.ssmParameter(String(parameter.Default), `${this.stack.name}/Parameters.${name}`);
    return parameter.Type.includes('List<') ? value.split(',') : value;
  }
}
