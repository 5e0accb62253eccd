import { MethodNotAllowed, NotFound } from '../errors.ts';
import type { BoundRoute } from './request.ts';

export interface RouteMatch {
  readonly route: BoundRoute;
  readonly params: Readonly<Record<string, string>>;
}

const matchPath = (pattern: string, path: string): Record<string, string> | null => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) {
      if (value === '') return null;
      try {
        params[part.slice(1, -1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return params;
};

/** Finds the route of a request; a fixed path (`/v1/tickets/import`) wins over a parameter. @throws NotFound, MethodNotAllowed */
export const findRoute = (routes: readonly BoundRoute[], method: string, path: string): RouteMatch => {
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const matches = routes
    .flatMap((route) => {
      const params = matchPath(route.contract.path, trimmed);
      return params === null ? [] : [{ route, params }];
    })
    .sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  const best = matches[0];
  if (best === undefined) throw new NotFound('resource', path);
  const samePath = matches.filter((match) => match.route.contract.path === best.route.contract.path);
  const match = samePath.find((candidate) => candidate.route.contract.method === method);
  if (match !== undefined) return match;
  throw new MethodNotAllowed(
    method,
    samePath.map((candidate) => candidate.route.contract.method),
  );
};
