/** A request of the AWS query protocol: a flat form whose names are paths (`Attributes.entry.1.key`). */
export class Form {
  readonly #fields: URLSearchParams;

  constructor(body: Buffer) {
    this.#fields = new URLSearchParams(body.toString('utf8'));
  }

  text(name: string): string | null {
    return this.#fields.get(name);
  }

  /** The prefixes of a numbered list, in order: `list('Attributes.entry')` -> `Attributes.entry.1`, `Attributes.entry.2`, ... */
  list(name: string): readonly string[] {
    const prefixes: string[] = [];
    for (let index = 1; ; index += 1) {
      const prefix = `${name}.${index}`;
      if (![...this.#fields.keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`))) return prefixes;
      prefixes.push(prefix);
    }
  }

  /** A map of texts: `Attributes.entry.N.key` / `.value`. */
  map(name: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.list(`${name}.entry`).map((prefix) => [
        this.text(`${prefix}.key`) ?? '',
        this.text(`${prefix}.value`) ?? '',
      ]),
    );
  }
}
