import { AssemblyError } from './assembly-error.ts';

/** What the intrinsic functions look up; a stack's view of itself and of its neighbours. */
export interface Scope {
  /** `<stack>/<logical id>` or the like, for messages. */
  readonly place: string;
  ref(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, top: string, second: string): unknown;
  importValue(name: string): unknown;
  ssmParameter(name: string): string;
}

/** `AWS::NoValue`: the property or list entry goes away. */
export const noValue = Symbol('AWS::NoValue');

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Evaluate = (argument: unknown, scope: Scope, path: string) => unknown;

const fail = (scope: Scope, path: string, message: string): never => {
  throw new AssemblyError(`${scope.place} at ${path}: ${message}`);
};

const list = (value: unknown, scope: Scope, path: string): readonly unknown[] => {
  const resolved = resolveValue(value, scope, path);
  return Array.isArray(resolved) ? resolved : fail(scope, path, `a list is needed, got ${JSON.stringify(resolved)}`);
};

const text = (value: unknown, scope: Scope, path: string): string => {
  const resolved = resolveValue(value, scope, path);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  return fail(scope, path, `a text is needed, got ${JSON.stringify(resolved)}`);
};

const truth = (value: unknown, scope: Scope, path: string): boolean => {
  const resolved =
    isRecord(value) && typeof value['Condition'] === 'string'
      ? scope.condition(value['Condition'])
      : resolveValue(value, scope, path);
  return resolved === true || resolved === 'true'
    ? true
    : resolved === false || resolved === 'false'
      ? false
      : fail(scope, path, 'a condition is needed');
};

const substitute: Evaluate = (argument, scope, path) => {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== 'string') return fail(scope, path, 'Fn::Sub needs a text');
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (isRecord(variables) && name in variables) return text(variables[name], scope, `${path}.${name}`);
    const dot = name.indexOf('.');
    return text(dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1)), scope, path);
  });
};

const functions: Readonly<Record<string, Evaluate>> = {
  Ref: (argument, scope, path) => scope.ref(text(argument, scope, path)),
  'Fn::GetAtt': (argument, scope, path) => {
    const parts =
      typeof argument === 'string'
        ? argument.split('.')
        : list(argument, scope, path).map((part) => text(part, scope, path));
    return scope.attribute(parts[0] ?? '', parts.slice(1).join('.'));
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope, path) => {
    const [separator, values] = Array.isArray(argument) ? argument : [];
    return list(values, scope, path)
      .map((value) => text(value, scope, path))
      .join(text(separator, scope, path));
  },
  'Fn::Select': (argument, scope, path) => {
    const [index, values] = Array.isArray(argument) ? argument : [];
    const at = Number(text(index, scope, path));
    const from = list(values, scope, path);
    return at in from ? from[at] : fail(scope, path, `Fn::Select has no entry ${at} in a list of ${from.length}`);
  },
  'Fn::Split': (argument, scope, path) => {
    const [separator, value] = Array.isArray(argument) ? argument : [];
    return text(value, scope, path).split(text(separator, scope, path));
  },
  'Fn::If': (argument, scope, path) => {
    const [condition, yes, no] = Array.isArray(argument) ? argument : [];
    return resolveValue(scope.condition(text(condition, scope, path)) ? yes : no, scope, path);
  },
  'Fn::FindInMap': (argument, scope, path) => {
    const [map, top, second] = list(argument, scope, path).map((part) => text(part, scope, path));
    return scope.mapping(map ?? '', top ?? '', second ?? '');
  },
  'Fn::ImportValue': (argument, scope, path) => scope.importValue(text(argument, scope, path)),
  'Fn::Base64': (argument, scope, path) => Buffer.from(text(argument, scope, path)).toString('base64'),
  'Fn::Equals': (argument, scope, path) => {
    const [left, right] = list(argument, scope, path);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope, path) => Array.isArray(argument) && argument.every((part) => truth(part, scope, path)),
  'Fn::Or': (argument, scope, path) => Array.isArray(argument) && argument.some((part) => truth(part, scope, path)),
  'Fn::Not': (argument, scope, path) => Array.isArray(argument) && !truth(argument[0], scope, path),
};

/**
 * Resolves every intrinsic function in a value of a template.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 * @throws AssemblyError with stack, logical id and path for one that is not known here.
 */
export const resolveValue = (value: unknown, scope: Scope, path: string): unknown => {
  if (typeof value === 'string') {
    return value.replace(/\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}/g, (_whole, name: string) => scope.ssmParameter(name));
  }
  if (Array.isArray(value)) {
    return value
      .map((entry, index) => resolveValue(entry, scope, `${path}[${index}]`))
      .filter((entry) => entry !== noValue);
  }
  if (!isRecord(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
    const evaluate = functions[key];
    if (evaluate !== undefined) return evaluate(value[key], scope, path);
    return fail(
      scope,
      path,
      `the intrinsic function ${key} is not known to the local desk (known: ${Object.keys(functions).join(', ')})`,
    );
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, entry]) => [name, resolveValue(entry, scope, `${path}.${name}`)] as const)
      .filter(([, entry]) => entry !== noValue),
  );
};
