/** AWS left out of an answer what cannot be done without, or said a word that nobody here knows. Not a trouble: nobody can act on it. */
export class AnswerIncomplete extends Error {
  override readonly name = 'AnswerIncomplete';
  constructor(call: string, field: string) {
    super(`The answer of ${call} says nothing that can be used as ${field}.`);
  }
}

/** Every field of the SDK's answers is optional, whatever the service does. */
export const needed = <Value>(value: Value | undefined, call: string, field: string): Value => {
  if (value === undefined) throw new AnswerIncomplete(call, field);
  return value;
};

export const instant = (date: Date | undefined): string | null => date?.toISOString() ?? null;
