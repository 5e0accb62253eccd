import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const page = resolve(import.meta.dirname, '../../docs/runbook.md');

/** One part of an alarm's section of the runbook, as it stands there. @throws when there is none: then the game day has nothing to follow. */
export const runbookPart = (heading: string, part: 'Cause' | 'Checks' | 'Remedy' | 'When not to'): string => {
  const section = readFileSync(page, 'utf8')
    .split(/^## /m)
    .find((text) => text.startsWith(`${heading}\n`));
  const found = section?.split('\n').find((line) => line.startsWith(`**${part}.** `));
  if (found === undefined) throw new Error(`docs/runbook.md has no ${part} under ${heading}`);
  return found.replace(`**${part}.** `, '');
};
