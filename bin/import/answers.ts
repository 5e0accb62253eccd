import * as z from 'zod';

/** What the desk says about one ticket of a batch. `errors` may be texts or {path, message}; both are read as text. */
const errorSchema = z.union([
  z.string(),
  z
    .object({ path: z.string().optional(), message: z.string() })
    .transform(({ path, message }) => (path ? `${path}: ${message}` : message)),
]);

export const resultSchema = z.object({
  externalId: z.string(),
  outcome: z.enum(['created', 'unchanged', 'rejected']),
  ticketId: z
    .string()
    .nullish()
    .transform((id) => id ?? null),
  errors: z.array(errorSchema).default([]),
});
export type Result = z.output<typeof resultSchema>;

export const answerSchema = z.object({ results: z.array(resultSchema) });

const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  message: z.string().optional(),
  errors: z.array(errorSchema).optional(),
});

/** The words of a problem+json (or gateway) answer, on one line. */
export const problemText = (status: number, body: unknown): string => {
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return `HTTP ${status}`;
  const { title, detail, message, errors = [] } = problem.data;
  const words = [detail ?? title ?? message ?? '', ...errors].filter((word) => word !== '');
  return `HTTP ${status}: ${words.length > 0 ? words.join('; ') : 'no reason given'}`;
};
