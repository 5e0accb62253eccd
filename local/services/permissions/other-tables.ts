import type { CloudModel } from '../../model.ts';
import type { Need } from './permission-check.ts';
import { wildcardTest } from './wildcard.ts';

/** The name in the ARN of a table, or of an index of one. */
const tableOf = (arn: string): string | null => /^arn:[^:]*:dynamodb:.*:table\/([^/]+)/.exec(arn)?.[1] ?? null;

/**
 * Tests whether something is done to a table that is none of the template's: neither made by it, nor called as its roles expect
 * tables to be called that drills and restores make. What such a table's owners may do stands in no template; at the local desk
 * the operator is one of them.
 */
export const ofOtherTables = ({ tables, roles, operator }: CloudModel): ((need: Need) => boolean) => {
  const patterns = [...roles, operator]
    .flatMap(({ statements }) => statements.flatMap(({ resources }) => resources.map(tableOf)))
    .filter((name) => name !== null)
    .filter((name) => /^[^*?].*[*?]/.test(name));
  const own = wildcardTest([...tables.flatMap(({ name }) => [name, `${name}.*`]), ...patterns], false);
  return ({ action, resource }) => {
    const name = action.startsWith('dynamodb:') ? tableOf(resource) : null;
    return name !== null && !own(name);
  };
};
