import * as z from 'zod';

const metafileSchema = z.object({
  outputs: z.record(
    z.string(),
    z.object({
      bytes: z.number(),
      imports: z.array(z.object({ path: z.string(), kind: z.string() })),
      inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })),
    }),
  ),
});

/** What is in a file that esbuild made. */
export interface Contents {
  readonly bytes: number;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  /** Bytes of each npm package, and of each room of ours (`functions/desk`). */
  readonly parts: Readonly<Record<string, number>>;
}

const partOf = (file: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(file)?.[1] ?? file.split('/').slice(0, 2).join('/');

const partsOf = (inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): Record<string, number> => {
  const parts: Record<string, number> = {};
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    if (bytesInOutput > 0) parts[partOf(file)] = (parts[partOf(file)] ?? 0) + bytesInOutput;
  }
  return Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** The contents of each bundle by its function's name, from esbuild's metafile; those of the tracer as `tracer`. */
export const contentsOf = (metafile: unknown): ReadonlyMap<string, Contents> =>
  new Map(
    Object.entries(metafileSchema.parse(metafile).outputs).map(([file, { bytes, imports, inputs }]) => [
      /([^/]+)\/index\.js$/.exec(file)?.[1] ?? /([^/]+)\.js$/.exec(file)?.[1] ?? file,
      { bytes, imports, parts: partsOf(inputs) },
    ]),
  );
