import * as z from 'zod';
import { type Clock, milliseconds } from '../platform/clock.ts';
import type { Measurements } from '../platform/metrics.ts';
import type { TableChange } from '../platform/stream/pipeline.ts';

const eventSchema = z.object({
  SK: z.string().startsWith('EV#'),
  type: z.string(),
  at: z.string(),
  recordedAt: z.string(),
  alertId: z.string().optional(),
  data: z.object({ from: z.string().optional(), to: z.string().optional() }),
  facts: z.array(z.unknown()).default([]),
});

const solved = (status: string | undefined): boolean => status === 'resolved' || status === 'closed';

/** What happens now is recorded within moments; what is older was imported, and is no business of today's dashboard. */
const historyAfterMs = 300_000;

/**
 * Measures an event that was projected. It is called by the stream's wiring and not by the projection, which recomputing
 * uses too; a record that the stream delivers again is measured again.
 */
export const measureEvent = (
  ports: { readonly metrics: Measurements; readonly clock: Clock },
  change: TableChange,
): void => {
  const event = eventSchema.safeParse(change.newImage).data;
  if (event === undefined) return;
  const { metrics } = ports;
  const { type, data, facts, alertId } = event;
  const recordedAt = milliseconds(event.recordedAt);
  metrics.add('ProjectionLag', ports.clock.now() - recordedAt);
  if (facts.length > 0) metrics.add('FactsWritten', facts.length);
  // Only a breach of today raises an alert.
  if (type === 'sla.breached' && alertId !== undefined) metrics.add('Breaches', 1);
  if (recordedAt - milliseconds(event.at) > historyAfterMs) return;
  if (type === 'ticket.created') metrics.add('TicketsOpened', 1);
  if (type === 'ticket.statusChanged' && solved(data.to) && !solved(data.from)) metrics.add('TicketsResolved', 1);
};
