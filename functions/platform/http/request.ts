import type * as z from 'zod';
import type { Principal } from '../actor.ts';
import type { OnceKey } from '../store/once.ts';
import type { RouteContract } from './contract.ts';

/** An answer of a route handler. `version` becomes the ETag, `location` the Location header. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly body?: Body;
  readonly version?: number;
  readonly location?: string;
  /** The body is a text of the type that these headers say, and no JSON. */
  readonly media?: { readonly headers: Readonly<Record<string, string>> };
}

/** A request after authorization and validation. */
export interface RouteRequest<Contract extends RouteContract> {
  readonly principal: Principal;
  readonly params: z.output<Contract['params']>;
  readonly query: z.output<Contract['query']>;
  readonly body: z.output<Contract['body']>;
  /** The version named by If-Match; null when the header is missing. */
  readonly ifMatch: number | null;
  /** The use of an Idempotency-Key; null when the header is missing. */
  readonly once: OnceKey | null;
  readonly requestId: string;
}

export interface BoundRoute {
  readonly contract: RouteContract;
  readonly run: (raw: RawRequest) => Promise<Answer>;
}

/** What the pipeline knows before the route's schemas have looked at it. */
export interface RawRequest {
  readonly principal: Principal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly ifMatch: number | null;
  readonly once: OnceKey | null;
  readonly requestId: string;
}
