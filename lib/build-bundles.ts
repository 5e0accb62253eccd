import { readFileSync, writeFileSync } from 'node:fs';
import { build, type BuildOptions, type Plugin } from 'esbuild';

/**
 * Runs as a process of its own, because plugins of esbuild need asynchronous calls and a construct has only synchronous ones.
 * Reads an order from standard input.
 */
export interface Order {
  readonly builds: readonly {
    readonly options: BuildOptions;
    /** Whether these bundles describe their schemas. */
    readonly describing: boolean;
  }[];
  /** The file into which what went where is written. */
  readonly metafile: string;
}

/**
 * Every schema of zod can describe itself in JSON Schema, which takes 21 KB; the document of the API is the only place that
 * asks for it. Elsewhere its parts are empty, and say so when they are called.
 */
const refusal = `() => { throw new Error('this bundle cannot describe schemas: see lib/build-bundles.ts'); }`;
const withoutDescriptions: Plugin = {
  name: 'without-descriptions',
  setup: ({ onLoad }) => {
    onLoad({ filter: /zod[\\/]v4[\\/]core[\\/]json-schema-processors\.js$/ }, () => ({
      contents: `export const toJSONSchema = ${refusal}; export const allProcessors = {};`,
    }));
    onLoad({ filter: /zod[\\/]v4[\\/]core[\\/]to-json-schema\.js$/ }, () => ({
      contents: [
        `const refuse = ${refusal};`,
        'export const createToJSONSchemaMethod = () => refuse, createStandardJSONSchemaMethod = () => refuse;',
        ...['initializeContext', 'processSchema', 'extractDefs', 'finalize', 'handleUnrepresentable'].map(
          (name) => `export const ${name} = refuse;`,
        ),
        'export { processSchema as process };',
      ].join('\n'),
    }));
  },
};

/**
 * DynamoDB's client brings a cache with eviction (7 KB) for endpoints that it discovers. Discovery is off unless somebody switches
 * it on; a map of the one endpoint of the region does the same.
 */
const withoutEviction: Plugin = {
  name: 'without-eviction',
  setup: ({ onLoad }) => {
    onLoad({ filter: /mnemonist[\\/]lru-cache\.js$/ }, () => ({
      contents:
        'module.exports = class extends Map { constructor() { super(); } peek(key) { return this.get(key); } };',
    }));
  },
};

const main = async (): Promise<void> => {
  const order: Order = JSON.parse(readFileSync(0, 'utf8'));
  const built = await Promise.all(
    order.builds.map(({ options, describing }) =>
      build({
        ...options,
        metafile: true,
        plugins: [withoutEviction, ...(describing ? [] : [withoutDescriptions])],
      }),
    ),
  );
  const inputs = Object.assign({}, ...built.map(({ metafile }) => metafile.inputs));
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  writeFileSync(order.metafile, JSON.stringify({ inputs, outputs }));
};

if (import.meta.main) await main();
