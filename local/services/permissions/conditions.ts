import { wildcardTest } from './wildcard.ts';

/** Values of condition keys that hold for one call, by lower-case key; a key that is not here is not in the request. */
export type ConditionContext = Readonly<Record<string, readonly string[]>>;

/** Whether a statement's conditions hold, or the reason why that cannot be told. */
export type ConditionResult = { readonly holds: boolean } | { readonly unknown: string };

/** Condition keys that the local desk can fill; any other one cannot be judged here. */
const knownKeys = new Set([
  'dynamodb:leadingkeys',
  'iam:passedtoservice',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:principalarn',
  'sns:protocol',
  'sns:endpoint',
]);

const comparisons: Readonly<
  Record<string, { readonly wild: boolean; readonly ignoreCase: boolean; readonly negated: boolean }>
> = {
  StringEquals: { wild: false, ignoreCase: false, negated: false },
  StringNotEquals: { wild: false, ignoreCase: false, negated: true },
  StringEqualsIgnoreCase: { wild: false, ignoreCase: true, negated: false },
  StringLike: { wild: true, ignoreCase: false, negated: false },
  StringNotLike: { wild: true, ignoreCase: false, negated: true },
  ArnEquals: { wild: true, ignoreCase: false, negated: false },
  ArnLike: { wild: true, ignoreCase: false, negated: false },
  Bool: { wild: false, ignoreCase: true, negated: false },
};

/**
 * Judges the conditions of a statement; all must hold. An operator or a key that this desk does not know makes the result
 * unknown, never true: the check must not pass what AWS might refuse.
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
 */
export function judgeConditions(
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: ConditionContext,
): ConditionResult {
  for (const [operator, keys] of Object.entries(conditions)) {
    const { base, set, ifExists } = parseOperator(operator);
    const comparison = Object.hasOwn(comparisons, base) ? comparisons[base] : undefined;
    if (comparison === undefined)
      return { unknown: `the condition operator ${operator} is not known to the local desk` };
    for (const [key, expected] of Object.entries(keys)) {
      const name = key.toLowerCase();
      if (!knownKeys.has(name)) return { unknown: `the condition key ${key} is not known to the local desk` };
      const actual = context[name];
      if (actual === undefined || actual.length === 0) {
        if (ifExists || set === 'all' || comparison.negated) continue;
        return { holds: false };
      }
      const fits = oneOf(expected, comparison);
      const test = (value: string) => fits(value) !== comparison.negated;
      const holds =
        set === 'all'
          ? actual.every(test)
          : set === 'any' || !comparison.negated
            ? actual.some(test)
            : actual.every(test);
      if (!holds) return { holds: false };
    }
  }
  return { holds: true };
}

function parseOperator(operator: string) {
  const [prefix, rest] = operator.includes(':') ? operator.split(':', 2) : ['', operator];
  const set = prefix === 'ForAllValues' ? 'all' : prefix === 'ForAnyValue' ? 'any' : 'single';
  const base = rest ?? '';
  const ifExists = base.endsWith('IfExists');
  return { base: ifExists ? base.slice(0, -'IfExists'.length) : base, set, ifExists };
}

function oneOf(expected: readonly string[], comparison: { readonly wild: boolean; readonly ignoreCase: boolean }) {
  if (comparison.wild) return wildcardTest(expected, false);
  const fold = (text: string) => (comparison.ignoreCase ? text.toLowerCase() : text);
  const values = new Set(expected.map(fold));
  return (text: string) => values.has(fold(text));
}
