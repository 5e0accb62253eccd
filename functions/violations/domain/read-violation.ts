import * as z from 'zod';
import { causes, type Violation } from './violation.ts';

const seconds = z.number().int().nonnegative();
const terms = z
  .string()
  .regex(/^.+@\d+$/)
  .transform((text) => {
    const end = text.lastIndexOf('@');
    return { id: text.slice(0, end), version: Number(text.slice(end + 1)) };
  });

const detailSchema = z.object({
  target: seconds,
  actual: seconds.nullable().default(null),
  cause: z.enum(causes),
  us: seconds.default(0),
  vendor: seconds.default(0),
  customer: seconds.default(0),
  policy: terms,
  calendar: terms,
});

/** The violation that a fact of `sla-violations` says: the other side of `detailOf`. @throws ZodError */
export const readViolation = (fact: {
  readonly subject: string;
  readonly at: string;
  readonly detail?: unknown;
}): Violation => {
  const [, metric = '', cycle = ''] = fact.subject.split('#');
  const { target, actual, cause, us, vendor, customer, policy, calendar } = detailSchema.parse(fact.detail);
  return {
    metric,
    cycle: Number(cycle),
    targetSeconds: target,
    dueAt: fact.at,
    actualSeconds: actual,
    overrunSeconds: actual === null ? null : Math.max(0, actual - target),
    cause,
    causeSeconds: { us, vendor, customer },
    policy,
    calendar,
  };
};
