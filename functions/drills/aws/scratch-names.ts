/** The prefix of scratch tables would let a live table be taken for one. */
export class ScratchPrefixUnsafe extends Error {
  override readonly name = 'ScratchPrefixUnsafe';
  constructor(prefix: string) {
    super(
      `"${prefix}" cannot be the prefix of scratch tables: it is no more than part of a name, or a live table begins with it.`,
    );
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html; an ARN, which calls take too, is none. */
const tableName = /^[\w.-]{3,255}$/;
const shortestPrefix = 8;

/**
 * Which tables a drill may make, change and remove. Everything that does one of these asks here first, whatever else was
 * checked before: a mistake anywhere else must not reach a live table.
 */
export class ScratchNames {
  readonly #prefix: string;
  readonly #live: readonly string[];

  constructor(prefix: string, live: readonly string[]) {
    const unsafe =
      prefix.length < shortestPrefix || !tableName.test(prefix) || live.some((name) => name.startsWith(prefix));
    if (unsafe) throw new ScratchPrefixUnsafe(prefix);
    this.#prefix = prefix;
    this.#live = live;
  }

  allows(name: string): boolean {
    return (
      name.startsWith(this.#prefix) &&
      name.length > this.#prefix.length &&
      tableName.test(name) &&
      !this.#live.includes(name)
    );
  }

  /** The reason that is told to whoever asked for something else. */
  refusal(name: string): string {
    return `"${name}" is not the name of a scratch table: these begin with "${this.#prefix}".`;
  }
}
