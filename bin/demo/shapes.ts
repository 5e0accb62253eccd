import * as z from 'zod';

/** What the demo reads of the desk's answers. */
export const ticket = z.object({ id: z.string(), number: z.string(), subject: z.string(), status: z.string() });
export type Ticket = z.infer<typeof ticket>;

export const me = z.object({ id: z.string(), customerId: z.string().nullable() });
export const named = z.object({ id: z.string(), name: z.string() });
export const anything = z.unknown();

export const sla = z.object({
  clocks: z.array(z.object({ metric: z.string(), state: z.string(), explain: z.array(z.string()) })),
});

export const outbox = z.object({
  items: z.array(
    z.object({
      seq: z.number(),
      kind: z.string(),
      to: z.string(),
      subject: z.string(),
      text: z.string(),
      deliveredAt: z.string(),
      ticketId: z.string().nullable(),
    }),
  ),
});

const figure = z.object({
  value: z.number().nullable(),
  n: z.number(),
  excluded: z.record(z.string(), z.number()),
  target: z.number().nullable(),
  comparator: z.string(),
  status: z.string(),
  percentiles: z.object({ p50: z.number().nullable(), p90: z.number().nullable() }).nullable(),
});
export type Figure = z.infer<typeof figure>;

export const kpi = z.object({
  total: figure,
  series: z.array(z.object({ from: z.string(), group: z.string(), figure })),
});

export const timeline = z.object({ items: z.array(z.object({ recordedAt: z.string() })) });

const measured = z.object({
  seconds: z.number().nullable(),
  errorBoundSeconds: z.number().nullable(),
  met: z.boolean().nullable(),
});

export const drill = z.object({
  id: z.string(),
  state: z.string(),
  verdict: z.string().nullable(),
  reasons: z.array(z.string()),
  declaredAt: z.string(),
  endedAt: z.string().nullable(),
  legs: z.array(
    z.object({
      name: z.string(),
      startedAt: z.string(),
      endedAt: z.string().nullable(),
      errorBoundSeconds: z.number(),
    }),
  ),
  rpo: measured.extend({ lostRecords: z.number().nullable() }),
  rto: measured,
  integrity: z.object({
    items: z.number(),
    compared: z.number(),
    missing: z.number(),
    altered: z.number(),
    torn: z.number(),
    checks: z.array(z.object({ name: z.string(), result: z.string(), detail: z.string() })),
  }),
  report: z.object({ html: z.string() }).nullable(),
});
export type Drill = z.infer<typeof drill>;
