/** An import that cannot go on: the message is for the person at the terminal, who gets exit code 1 and no stack trace. */
export class ImportFailure extends Error {
  override name = 'ImportFailure';
}

/** What an unknown thrown value says, with the cause that `fetch` hides behind "fetch failed". */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};
