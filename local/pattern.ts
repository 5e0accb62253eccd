import { BlockList, isIP } from 'node:net';

/**
 * Event patterns as EventBridge and Lambda event source filters define them
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html): an object of fields, all of
 * which must match; a list of alternatives at each leaf; `$or` over patterns. SNS filter policies are an adapter over it.
 * An operator that is not known throws, so that a filter never passes or stops events by mistake.
 */
export function matchesPattern(pattern: unknown, value: unknown): boolean {
  if (!isObject(pattern)) throw new Error(`a pattern is an object of fields, got ${JSON.stringify(pattern)}`);
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or' && Array.isArray(expected)) return expected.some((part) => matchesPattern(part, value));
    if (Array.isArray(expected)) return matchesLeaf(expected, fieldOf(value, field));
    return alternatives(fieldOf(value, field)).some((part) => matchesPattern(expected, part));
  });
}

/** One leaf: any alternative fits any of the values (a list in the event counts as its members). */
function matchesLeaf(expected: readonly unknown[], actual: unknown): boolean {
  const actuals = alternatives(actual);
  return expected.some((alternative) => {
    if (isObject(alternative)) return matchesOperator(alternative, actuals);
    return actuals.some((one) => one === alternative);
  });
}

function matchesOperator(alternative: Record<string, unknown>, actuals: readonly unknown[]): boolean {
  return Object.entries(alternative).every(([operator, operand]) => {
    // `exists` tests for a leaf: a field that holds an object does not exist, as on AWS.
    if (operator === 'exists')
      return actuals.some((one) => one !== undefined && !isObject(one)) === (operand !== false);
    return actuals.some((one) => one !== undefined && matchesOne(operator, operand, one));
  });
}

function matchesOne(operator: string, operand: unknown, actual: unknown): boolean {
  switch (operator) {
    case 'prefix':
      return matchesText(operand, actual, (text, part) => text.startsWith(part));
    case 'suffix':
      return matchesText(operand, actual, (text, part) => text.endsWith(part));
    case 'equals-ignore-case':
      return matchesText(operand, actual, (text, part) => text.toLowerCase() === part.toLowerCase());
    case 'wildcard':
      return matchesText(operand, actual, (text, part) => wildcard(part).test(text));
    case 'cidr':
      return matchesText(operand, actual, inNetwork);
    case 'anything-but':
      return !excluded(operand, actual);
    case 'numeric':
      return matchesNumeric(operand, actual);
    default:
      throw new Error(`the pattern operator ${JSON.stringify(operator)} is not supported here`);
  }
}

function matchesText(operand: unknown, actual: unknown, test: (text: string, part: string) => boolean): boolean {
  if (isObject(operand) && typeof operand['equals-ignore-case'] === 'string') {
    const part = operand['equals-ignore-case'].toLowerCase();
    return typeof actual === 'string' && test(actual.toLowerCase(), part);
  }
  if (typeof operand !== 'string') throw new Error(`a text operator takes a text, got ${JSON.stringify(operand)}`);
  return typeof actual === 'string' && test(actual, operand);
}

function excluded(operand: unknown, actual: unknown): boolean {
  if (isObject(operand)) {
    return Object.entries(operand).some(([operator, part]) =>
      (Array.isArray(part) ? part : [part]).some((one) => matchesOne(operator, one, actual)),
    );
  }
  return (Array.isArray(operand) ? operand : [operand]).some((one) => one === actual);
}

/** `["numeric", [">=", 0, "<", 100]]`: every comparison must hold. */
function matchesNumeric(operand: unknown, actual: unknown): boolean {
  if (!Array.isArray(operand) || operand.length % 2 !== 0)
    throw new Error('numeric takes pairs of comparison and number');
  if (typeof actual !== 'number') return false;
  for (let index = 0; index < operand.length; index += 2) {
    const bound: unknown = operand[index + 1];
    if (typeof bound !== 'number') throw new Error(`numeric compares with a number, got ${JSON.stringify(bound)}`);
    if (!compare(operand[index], actual, bound)) return false;
  }
  return true;
}

function compare(comparison: unknown, actual: number, bound: number): boolean {
  switch (comparison) {
    case '=':
      return actual === bound;
    case '<':
      return actual < bound;
    case '<=':
      return actual <= bound;
    case '>':
      return actual > bound;
    case '>=':
      return actual >= bound;
    default:
      throw new Error(`numeric knows = < <= > >=, got ${JSON.stringify(comparison)}`);
  }
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

function inNetwork(address: string, network: string): boolean {
  const [base, bits] = network.split('/');
  const family = base === undefined ? 0 : isIP(base);
  if (base === undefined || family === 0 || isIP(address) !== family) return false;
  const list = new BlockList();
  const type = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(base, Number(bits ?? (family === 6 ? 128 : 32)), type);
  return list.check(address, type);
}

function alternatives(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.length === 0 ? [undefined] : value;
}

function fieldOf(value: unknown, field: string): unknown {
  return isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
