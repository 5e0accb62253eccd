/** A part of a sampled invocation, as X-Ray shows it. */
export interface Trace {
  /** A part of it that somebody else has caused. */
  part(): Trace;
  call<Result>(
    about: { readonly service: string; readonly operation: string },
    work: () => Promise<Result>,
  ): Promise<Result>;
  /** `annotations` can be searched for: `annotation.correlationId = "..."`. */
  end(annotations: Readonly<Record<string, string>>): void;
}
