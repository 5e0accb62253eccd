import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Contents } from './contents.ts';

export const budgetsFile = join(import.meta.dirname, 'budgets.json');

const budgetSchema = z.object({
  /** The file may not be larger. */
  bytes: z.number().int().positive(),
  /** What was in it when the budget was last looked at (`npm run budgets -- --keep`): what has grown since is told by name. */
  parts: z.record(z.string(), z.number()),
});
export type Budget = z.infer<typeof budgetSchema>;

const budgetsSchema = z.object({ note: z.string(), bundles: z.record(z.string(), budgetSchema) });
export type Budgets = z.infer<typeof budgetsSchema>;

/** The bytes that each function's bundle may have, and the tracer beside it. Two readers: the test that holds them, and the bench. */
export const readBudgets = (): Budgets => budgetsSchema.parse(JSON.parse(readFileSync(budgetsFile, 'utf8')));

const growth = (contents: Contents, budget: Budget): readonly string[] =>
  Object.entries(contents.parts)
    .map(([part, bytes]) => ({ part, grown: bytes - (budget.parts[part] ?? 0), isNew: !(part in budget.parts) }))
    .filter(({ grown }) => grown > 0)
    .sort((a, b) => b.grown - a.grown)
    .map(({ part, grown, isNew }) => `${part} +${grown}${isNew ? ' (new)' : ''}`);

/** What is wrong with a bundle, in words for whoever made it grow, or null. */
export const overBudget = (name: string, contents: Contents, budget: Budget | undefined): string | null => {
  if (budget === undefined)
    return `${name} has no budget: it has ${contents.bytes} bytes; \`npm run budgets -- --keep\` writes it into bench/bundles/budgets.json`;
  if (contents.bytes <= budget.bytes) return null;
  const grown = growth(contents, budget);
  const why = grown.length === 0 ? 'no part grew: the budget was lowered' : `grown since: ${grown.join(', ')}`;
  return `${name} has ${contents.bytes} bytes, ${contents.bytes - budget.bytes} more than its budget of ${budget.bytes}; ${why}`;
};

/** The same budgets with the parts as they are now, and for a bundle that is new a budget of a twentieth more than it has. */
export const keeping = (budgets: Budgets, all: ReadonlyMap<string, Contents>): Budgets => ({
  ...budgets,
  bundles: Object.fromEntries(
    [...all].map(([name, { bytes, parts }]) => [
      name,
      { bytes: budgets.bundles[name]?.bytes ?? Math.ceil((bytes * 1.05) / 1024) * 1024, parts: { ...parts } },
    ]),
  ),
});
