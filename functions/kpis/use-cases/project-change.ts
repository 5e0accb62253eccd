import * as z from 'zod';
import { logger } from '../../platform/logger.ts';
import { contributionSchema } from '../../platform/store/contribution.ts';
import { eventVersions } from '../../platform/store/event-versions.ts';
import type { TableChange } from '../../platform/stream/pipeline.ts';
import { inParallel } from './in-parallel.ts';
import type { DirtyHour } from './mark.ts';
import { DirtyHours, type FactPorts, projectFacts } from './project-facts.ts';
import { type TicketRow, ticketRowOf } from '../domain/ticket-row.ts';
import type { TicketRows } from './project-ticket.ts';

export interface ProjectionPorts extends FactPorts {
  readonly rows: TicketRows;
  readonly marks: { add(dirty: DirtyHour): Promise<void> };
  /** Tells the rollup that there is work; it comes each minute anyway. */
  readonly hint: () => Promise<void>;
}

const keysSchema = z.object({ PK: z.string(), SK: z.string() });
const factsSchema = z.object({
  version: z.number().int().positive(),
  facts: z.array(contributionSchema).optional(),
});

/**
 * The KPI and list projection of one batch of the operations stream. `project` takes a change: an
 * event's facts, or a ticket's head as a row. `finish` writes the newest row of each ticket and marks the hours of what was
 * projected, also when the batch stopped at a bad record. When that fails `finish` throws, so the whole batch comes again and
 * nothing stays unmarked.
 */
export const projection = (ports: ProjectionPorts) => {
  const dirty = new DirtyHours();
  const rows = new Map<string, TicketRow>();
  return {
    project: async (change: TableChange): Promise<void> => {
      if (change.newImage === null) return;
      const { PK, SK } = keysSchema.parse(change.newImage);
      if (SK.startsWith('EV#')) {
        const { version, facts } = factsSchema.parse(eventVersions.bringCurrent(change.newImage));
        await projectFacts(ports, { version, contributions: facts ?? [] }, dirty);
      } else if (SK === 'T' && PK.startsWith('TKT#')) {
        const row = ticketRowOf(change.newImage);
        if ((rows.get(row.id)?.version ?? 0) < row.version) rows.set(row.id, row);
      }
    },
    finish: async (): Promise<void> => {
      const hours = dirty.take();
      const newest = [...rows.values()];
      await inParallel(newest, 10, (row) => ports.rows.put(row));
      if (hours.length === 0) return;
      await inParallel(hours, 10, (hour) => ports.marks.add(hour));
      try {
        await ports.hint();
      } catch (error) {
        logger.warn('rollup hint not sent; the schedule will see to it', { error });
      }
    },
  };
};
