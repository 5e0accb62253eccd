/** The command cannot go on. The message says what is the matter and what to do next: it is all that the person at the terminal sees. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** What an unknown thrown value says, with the cause that `fetch` hides behind "fetch failed". */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const said = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${said}: ${error.cause.message}` : said;
};
