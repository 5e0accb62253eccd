import type { RouteModel } from '../model.ts';

export interface RouteMatch {
  readonly route: RouteModel;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface CompiledRoute {
  readonly route: RouteModel;
  readonly method: string;
  readonly segments: readonly string[];
}

const isGreedy = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('+}');
const isVariable = (segment: string): boolean => segment.startsWith('{');

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const compile = (route: RouteModel): CompiledRoute => {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { route, method, segments: path.split('/').slice(1) };
};

/** 2 = literal, 1 = variable, 0 = greedy: the more specific route wins at the first difference. */
const weight = (segment: string | undefined): number => {
  if (segment === undefined) return -1;
  return isGreedy(segment) ? 0 : isVariable(segment) ? 1 : 2;
};

const bySpecificity = (left: CompiledRoute, right: CompiledRoute): number => {
  const length = Math.max(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index += 1) {
    const difference = weight(right.segments[index]) - weight(left.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(left.method === 'ANY') - Number(right.method === 'ANY');
};

const matchPath = (pattern: readonly string[], path: readonly string[]): Record<string, string> | null => {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const actual = path[index];
    if (actual === undefined) return null;
    if (isGreedy(segment)) {
      const rest = path.slice(index).map(decode).join('/');
      if (rest === '') return null;
      parameters[segment.slice(1, -2)] = rest;
      return parameters;
    }
    if (isVariable(segment)) {
      if (actual === '') return null;
      parameters[segment.slice(1, -1)] = decode(actual);
    } else if (segment !== decode(actual)) return null;
  }
  return pattern.length === path.length ? parameters : null;
};

/**
 * Selects routes as an HTTP API does: a full match before one by `{proxy+}`, literal segments before variables, the
 * method before ANY, `$default` last.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable {
  readonly #routes: readonly CompiledRoute[];
  readonly #default: RouteModel | null;

  constructor(routes: readonly RouteModel[]) {
    this.#routes = routes
      .filter(({ routeKey }) => routeKey !== '$default')
      .map(compile)
      .toSorted(bySpecificity);
    this.#default = routes.find(({ routeKey }) => routeKey === '$default') ?? null;
  }

  /** Null when no route takes the request. */
  select(method: string, path: string): RouteMatch | null {
    const segments = path.split('/').slice(1);
    for (const candidate of this.#routes) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchPath(candidate.segments, segments);
      if (pathParameters !== null) return { route: candidate.route, pathParameters };
    }
    return this.#default === null ? null : { route: this.#default, pathParameters: {} };
  }
}
