import * as z from 'zod';
import { actorSchema } from '../actor.ts';
import { itemVersions } from './item-kind.ts';

const firstContribution = () =>
  z.object({
    kpi: z.string(),
    subject: z.string(),
    ticketId: z.string(),
    at: z.string(),
    value: z.number().nullable(),
    excluded: z.string().nullable(),
    team: z.string().nullable(),
    customer: z.string().nullable(),
    priority: z.string(),
    retracted: z.literal(true).optional(),
  });

const firstEvent = () =>
  z.object({
    PK: z.string(),
    SK: z.string().regex(/^EV#\d{8}$/),
    eventId: z.string(),
    entity: z.string(),
    entityId: z.string(),
    type: z.string(),
    version: z.number().int().positive(),
    at: z.string(),
    recordedAt: z.string(),
    actor: actorSchema,
    data: z.record(z.string(), z.unknown()),
    alertId: z.string().optional(),
    correlationId: z.string().optional(),
    facts: z.array(firstContribution()).optional(),
    salt: z.string(),
    digest: z.string(),
    hash: z.string(),
  });

/**
 * The versions of events, contributions (`facts`) included. Events are never rewritten: they are sealed by their chain, which
 * is made of what was stored. Old ones are brought into the shape of today each time they are read, by the streams too.
 *
 * Version 2: a contribution may have a `detail`. An event of version 1 has none and is one of today as it is, so nothing is
 * parsed: readers of the stream look at a part of it, and at items that are no events.
 */
export const eventVersions = itemVersions('event', [{ before: firstEvent, change: (item) => item }]);
