import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from './emulator.ts';
import { type TakenOut, typesOf, withoutTypes } from './emulated-template.ts';

/** Copies a synthesized assembly and takes out of the copy what the emulator does not know. The original is left as it is. */
export const emulatedAssembly = async (options: {
  readonly assembly: string;
  readonly copy: string;
  readonly emulator: Pick<Emulator, 'unknownAmong'>;
}): Promise<{ readonly resources: number; readonly takenOut: readonly TakenOut[] }> => {
  cpSync(options.assembly, options.copy, { recursive: true });
  const files = readdirSync(options.copy).filter((name) => name.endsWith('.template.json'));
  const templates = files.map((name) => {
    const path = join(options.copy, name);
    const template: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return { path, template };
  });
  const types = [...new Set(templates.flatMap(({ template }) => typesOf(template)))];
  const unknown = await options.emulator.unknownAmong(types);
  const results = templates.map(({ path, template }) => {
    const result = withoutTypes(template, unknown);
    writeFileSync(path, JSON.stringify(result.template));
    return result.takenOut;
  });
  return { resources: types.length, takenOut: results.flat() };
};
