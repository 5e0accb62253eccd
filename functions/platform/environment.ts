import type * as z from 'zod';

const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'] as const;

/** A function's environment was not what its schema says; names each variable. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * The level of the function's log. Powertools reads LOG_LEVEL by itself, but passes over names in small letters; its own
 * POWERTOOLS_LOG_LEVEL goes first, so that tests can be silent.
 */
export const logLevel = () => {
  const named = (process.env['POWERTOOLS_LOG_LEVEL'] ?? process.env['LOG_LEVEL'] ?? '').toUpperCase();
  return logLevels.find((level) => level === named) ?? 'INFO';
};

/** Reads and checks the environment of a function. The only place where `process.env` is touched. */
export const readEnvironment = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> => {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentError(`The function's environment is wrong: ${problems.join('; ')}`);
};
