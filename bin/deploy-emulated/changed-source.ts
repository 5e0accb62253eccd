import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from './emulator.ts';

const parts = ['bin', 'lib', 'functions', 'cdk.json', 'package.json', 'tsconfig.json'];
const versionFile = 'functions/entrypoints/contract.ts';
const versionLine = /version: '([^']+)'/;

/** What the API's description says of itself after the upgrade. */
export const upgradedVersion = '1.0.0-upgraded';

/** A copy of the project whose next version calls itself differently: a changed bundle, as every release is one. */
export const changedSource = (projectDir: string, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(join(projectDir, part), join(folder, part), { recursive: true });
  symlinkSync(join(projectDir, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, versionFile);
  const text = readFileSync(file, 'utf8');
  if (!versionLine.test(text)) throw new RehearsalError(`${versionFile} has no line with the API's version to change`);
  writeFileSync(file, text.replace(versionLine, `version: '${upgradedVersion}'`));
};
