/** The tables of docs/security.md that the code decides. `npm run security-tables` writes them anew; a test compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionNames } from '../../functions/entrypoints/environments.ts';
import { acknowledgedFindings } from '../../lib/acknowledged-findings.ts';
import { letIn, managedPolicies, otherRoles, permissionLine, permissionsOf, synthesized } from './synthesized.ts';

const page = join(import.meta.dirname, '../../docs/security.md');

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const lines = (texts: readonly string[]): string =>
  [...texts]
    .sort()
    .map((text) => `\`${text}\``)
    .join('<br>');

const permissionRows = (): readonly string[] => {
  const cloud = synthesized('prod');
  const functions = functionNames.map((name) =>
    row(`\`${name}\``, lines(permissionsOf(cloud, name).map(permissionLine))),
  );
  const others = otherRoles(cloud).map(({ name, permissions }) => row(name, lines(permissions.map(permissionLine))));
  const resources = letIn(cloud).filter((line) => !line.endsWith(': nobody'));
  const people = managedPolicies(cloud).map(({ name, permissions }) =>
    row(`policy \`${name}\`, for people`, lines(permissions.map(permissionLine))),
  );
  return [...functions, ...others, ...people, row('policies of resources let in', lines(resources))];
};

/** Findings with the same reason share a row. */
const findingRows = (): readonly string[] => {
  const groups = Map.groupBy(acknowledgedFindings, ({ finding, reason, stages }) => `${finding}\n${reason}\n${stages}`);
  return [...groups.values()].map((group) => {
    const [first] = group;
    const rule = first?.finding.replace(/^\w+::/, '') ?? '';
    const where = group.map(({ under }) => under).join(', ');
    const only = first?.stages === undefined ? '' : ` (only ${first.stages.join(', ')})`;
    return row(`\`${rule}\``, `${where}${only}`, first?.reason ?? '');
  });
};

/** Name of each table, as its marks on the page have it, and its lines. */
const tables: Readonly<Record<string, () => readonly string[]>> = {
  permissions: () => [row('role', 'may'), row('---', '---'), ...permissionRows()],
  findings: () => [row('finding', 'where', 'why it stays'), row('---', '---', '---'), ...findingRows()],
};

/** The page as it is, and as it would be with the tables of now. */
export const securityPage = (): { readonly present: string; readonly current: string } => {
  const present = readFileSync(page, 'utf8');
  const current = Object.entries(tables).reduce((text, [name, lines]) => {
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
      throw new Error(`docs/security.md has no marks for the table ${name}`);
    return `${before}${begin}\n${lines().join('\n')}\n${end}${after}`;
  }, present);
  return { present, current };
};

if (process.argv[1] === import.meta.filename) writeFileSync(page, securityPage().current);
