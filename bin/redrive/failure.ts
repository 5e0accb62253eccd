/** The command cannot go on. The message says what is the matter and what to do next. */
export class RedriveFailure extends Error {
  override readonly name = 'RedriveFailure';
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
