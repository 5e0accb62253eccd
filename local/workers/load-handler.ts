import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';

export type Handler = (event: unknown, context: object) => unknown;

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

/**
 * Loads a handler as Lambda's Node runtime does: `index.handler` is the export `handler` of index.js (CommonJS) or
 * index.mjs (a module) in the bundle's folder. CommonJS is compiled here, because a package.json above the data folder
 * would decide otherwise what `.js` means.
 * @throws when file or export are missing, with the name that Lambda gives to it.
 */
export const loadHandler = async (codeDir: string, handler: string): Promise<Handler> => {
  const dot = handler.lastIndexOf('.');
  const base = join(codeDir, handler.slice(0, dot));
  const name = handler.slice(dot + 1);
  const exports: unknown = existsSync(`${base}.mjs`)
    ? await import(pathToFileURL(`${base}.mjs`).href)
    : loadCommonJs(`${base}.js`);
  const found: unknown = typeof exports === 'object' && exports !== null ? Reflect.get(exports, name) : undefined;
  if (!isHandler(found)) throw new Error(`Runtime.HandlerNotFound: ${handler} is undefined or not exported`);
  return found;
};

const loadCommonJs = (file: string): unknown => {
  if (!existsSync(file)) throw new Error(`Runtime.ImportModuleError: Cannot find module '${file}'`);
  const module: { exports: unknown } = { exports: {} };
  const run = compileFunction(readFileSync(file, 'utf8'), ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  run(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
};
