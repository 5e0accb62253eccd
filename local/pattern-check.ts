import { matchesPattern } from './pattern.ts';

/** Values that make `matchesPattern` look at every operand: one text and one number for each leaf. */
const probes = ['probe', 0] as const;

/**
 * Reads through a whole pattern, so that an operator that is not known is found when the pattern is set and not when the
 * first event meets it.
 *
 * @throws with what is wrong.
 */
export function checkPattern(pattern: unknown): void {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) {
    throw new Error(`a pattern is an object of fields, got ${JSON.stringify(pattern)}`);
  }
  for (const [field, expected] of Object.entries(pattern)) {
    if (!Array.isArray(expected)) checkPattern(expected);
    else if (field === '$or') expected.forEach(checkPattern);
    else expected.forEach(checkAlternative);
  }
}

function checkAlternative(alternative: unknown): void {
  for (const probe of probes) matchesPattern({ field: [alternative] }, { field: probe });
}
