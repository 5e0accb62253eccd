import type * as z from 'zod';

/** A function's environment was not what its schema says; names each variable. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Reads and checks the environment of a function. The only place where `process.env` is touched. */
export const readEnvironment = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> => {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentError(`The function's environment is wrong: ${problems.join('; ')}`);
};
