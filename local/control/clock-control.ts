import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { BackwardsError, type DeskClock } from '../clock/desk-clock.ts';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import { ControlError, json, parseBody } from './problem.ts';

const bodySchema = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ set: z.string() })], {
  error: 'The body must be {"advance":"PT2H"} (an ISO 8601 duration) or {"set":"2026-01-31T12:00:00Z"} (an instant).',
});

/** Beyond that an advance would visit more minutes than anybody waits for. */
const farthestDays = 3660;

const instant = (text: string): number => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new ControlError(
      400,
      `"set" must be an ISO 8601 instant with an offset, such as 2026-01-31T12:00:00Z; got ${JSON.stringify(text)}.`,
    );
  }
};

/** Days of a duration are UTC days. */
const after = (text: string, now: number): number => {
  let duration: Temporal.Duration;
  try {
    duration = Temporal.Duration.from(text);
  } catch {
    throw new ControlError(
      400,
      `"advance" must be an ISO 8601 duration such as PT90S, PT2H or P1D; got ${JSON.stringify(text)}.`,
    );
  }
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC').add(duration).epochMilliseconds;
};

const iso = (at: number): string => new Date(at).toISOString();

/** GET tells virtual time; POST moves it forward and answers when the desk is idle. @throws ControlError 400, 409 backwards. */
export const clockControl = async (request: GatewayRequest, clock: DeskClock): Promise<GatewayAnswer> => {
  if (request.method === 'GET') return json(200, { now: iso(clock.now()) });
  if (request.method !== 'POST') throw new ControlError(405, 'The clock takes GET and POST.');
  const body = parseBody(request.body, bodySchema);
  const target = (now: number): number => {
    const at = 'set' in body ? instant(body.set) : after(body.advance, now);
    if (at - now > farthestDays * 86_400_000)
      throw new ControlError(400, `Time can be moved by at most ${farthestDays} days at once.`);
    return at;
  };
  try {
    const busy = await clock.advanceTo(target);
    return json(200, {
      now: iso(clock.now()),
      idle: busy.length === 0,
      ...(busy.length === 0 ? {} : { waitingFor: busy }),
    });
  } catch (error) {
    if (error instanceof BackwardsError) throw new ControlError(409, error.message);
    throw error;
  }
};
