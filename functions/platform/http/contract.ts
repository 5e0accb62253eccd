import * as z from 'zod';
import type { Role } from '../actor.ts';

/**
 * One route of the HTTP contract, as data (DESIGN section 3). From this alone come routing, validation, the role and customer
 * checks, the OpenAPI document and the docs page.
 */
export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/tickets/{ticketId}` */
  readonly path: string;
  readonly summary: string;
  /** Rules, units, errors, what a repetition does; may be Markdown. */
  readonly description?: string;
  /** Ids of docs/requirements.md. */
  readonly requirements: readonly string[];
  /** Who may call it; everyone else gets 403. */
  readonly roles: readonly Role[];
  /** What a requester sees of it: `own` customer only (others are 404), or nothing customer-bound is in it. */
  readonly customerScope: 'own' | 'none';
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** `z.undefined()` when there is none. */
  readonly body: z.ZodType;
  /** `media`: what the answer is where it is no JSON, but a text. */
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly answer: z.ZodType | null;
    readonly etag?: true;
    readonly media?: readonly string[];
  };
  /** Problems beyond those that every route has. */
  readonly problems: readonly (404 | 409 | 412 | 422 | 428)[];
  /** `required`: the change needs If-Match. */
  readonly ifMatch?: 'required';
  /** An example body for the docs page. */
  readonly example?: unknown;
}

/** The body schema of routes without a body. */
const noBody = z.undefined();

/** The schema of routes without parameters in the path or the query. */
const noParameters = z.strictObject({});

/** What a route has unless it says something else. Who may call it and what a requester sees, each must say. */
const defaults = { params: noParameters, query: noParameters, body: noBody, problems: [] } as const;
type Defaults = typeof defaults;

/** A route as it is written. */
type WrittenRoute = Omit<RouteContract, keyof Defaults> & Partial<Pick<RouteContract, keyof Defaults>>;

/** Adds what a route leaves out. */
function complete<Written extends WrittenRoute>(
  route: Written,
): asserts route is Written & Omit<Defaults, keyof Written> {
  for (const [name, value] of Object.entries(defaults))
    if (!(name in route)) Object.defineProperty(route, name, { value, enumerable: true });
}

/** Turns each getter of an object into a property that is computed when it is first read, and then stays. */
const computedOnce = (object: object): void => {
  for (const [name, { get, enumerable = true }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
    if (get === undefined) continue;
    const compute = (): unknown => {
      const value: unknown = get.call(object);
      Object.defineProperty(object, name, { value, enumerable });
      return value;
    };
    Object.defineProperty(object, name, { get: compute, enumerable, configurable: true });
  }
};

/**
 * Keeps the exact types of a contract's schemas. A schema may be written as a getter, `get body() { return ... }`: then it is
 * built by the first request of its route, once, and not by the start of a function that has twenty routes. Parameters, body
 * and problems that are left out are none.
 */
export const defineRoute = <const Written extends WrittenRoute>(
  route: Written,
): Written & Omit<Defaults, keyof Written> => {
  complete(route);
  computedOnce(route);
  computedOnce(route.success);
  return route;
};
