/** DynamoDB's condition and update expressions, as far as the desk uses them. What is not known here throws, so it is noticed. */
export type Item = Record<string, unknown>;
export interface Names {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

type Read = (item: Item | undefined, names: Names) => unknown;
type Test = (item: Item | undefined, names: Names) => boolean;

const tokensOf = (text: string): string[] => text.match(/<>|<=|>=|[#:]?[A-Za-z_][A-Za-z0-9_]*|[=<>(),+-]/g) ?? [];

const nameOf = (token: string, { ExpressionAttributeNames: names }: Names): string => {
  if (!token.startsWith('#')) return token;
  const name = names?.[token];
  if (name === undefined) throw new Error(`no attribute name ${token}`);
  return name;
};

const operand = (token: string): Read =>
  token.startsWith(':')
    ? (_item, { ExpressionAttributeValues: values }) => {
        if (values === undefined || !(token in values)) throw new Error(`no attribute value ${token}`);
        return values[token];
      }
    : (item, names) => item?.[nameOf(token, names)];

const compared = (left: unknown, operator: string, right: unknown): boolean => {
  if (operator === '=') return left !== undefined && left === right;
  if (operator === '<>') return left !== right;
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  const [a, b] = [left as string, right as string];
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
};

/** A reader of tokens, one after the other. */
class Tokens {
  readonly #tokens: string[];
  #next = 0;
  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }
  peek(): string | undefined {
    return this.#tokens[this.#next];
  }
  take(wanted?: string): string {
    const token = this.#tokens[this.#next];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new Error(`expected ${wanted ?? 'more'}, found ${token}: ${this.#tokens.join(' ')}`);
    }
    this.#next += 1;
    return token;
  }
}

const primary = (tokens: Tokens): Test => {
  const first = tokens.take();
  if (first === '(') {
    const inner = either(tokens);
    tokens.take(')');
    return inner;
  }
  if (first === 'attribute_not_exists' || first === 'attribute_exists') {
    tokens.take('(');
    const attribute = operand(tokens.take());
    tokens.take(')');
    const wanted = first === 'attribute_exists';
    return (item, names) => (attribute(item, names) !== undefined) === wanted;
  }
  const left = operand(first);
  const operator = tokens.take();
  const right = operand(tokens.take());
  return (item, names) => compared(left(item, names), operator, right(item, names));
};

const both = (tokens: Tokens): Test => {
  const tests = [primary(tokens)];
  while (tokens.peek() === 'AND') {
    tokens.take();
    tests.push(primary(tokens));
  }
  return (item, names) => tests.every((test) => test(item, names));
};

const either = (tokens: Tokens): Test => {
  const tests = [both(tokens)];
  while (tokens.peek() === 'OR') {
    tokens.take();
    tests.push(both(tokens));
  }
  return (item, names) => tests.some((test) => test(item, names));
};

const conditions = new Map<string, Test>();

export const holds = (text: string | undefined, item: Item | undefined, names: Names): boolean => {
  if (text === undefined) return true;
  let test = conditions.get(text);
  if (test === undefined) {
    const tokens = new Tokens(text);
    test = either(tokens);
    if (tokens.peek() !== undefined) throw new Error(`left of a condition: ${text}`);
    conditions.set(text, test);
  }
  return test(item, names);
};

type Change = (before: Item | undefined, after: Item, names: Names) => void;
const updates = new Map<string, readonly Change[]>();

const parsed = (text: string): readonly Change[] => {
  const tokens = new Tokens(text);
  const changes: Change[] = [];
  let section = tokens.take();
  for (;;) {
    const target = tokens.take();
    if (section === 'REMOVE') changes.push((_before, after, names) => void delete after[nameOf(target, names)]);
    else if (section === 'ADD') {
      const value = operand(tokens.take());
      changes.push((before, after, names) => {
        const name = nameOf(target, names);
        after[name] = Number(before?.[name] ?? 0) + Number(value(before, names));
      });
    } else {
      tokens.take('=');
      const value = operand(tokens.take());
      const more = tokens.peek() === '+' ? (tokens.take(), operand(tokens.take())) : null;
      changes.push((before, after, names) => {
        const base = value(before, names);
        after[nameOf(target, names)] = more === null ? base : Number(base) + Number(more(before, names));
      });
    }
    const then = tokens.peek();
    if (then === undefined) return changes;
    if (then === ',') tokens.take();
    else section = tokens.take();
    if (!['SET', 'REMOVE', 'ADD'].includes(section)) throw new Error(`no such section: ${section} in ${text}`);
  }
};

/** The item after an update; a new one when there was none, as DynamoDB has it. */
export const updated = (text: string, before: Item | undefined, key: Item, names: Names): Item => {
  let changes = updates.get(text);
  if (changes === undefined) updates.set(text, (changes = parsed(text)));
  const after: Item = { ...before, ...key };
  for (const change of changes) change(before, after, names);
  return after;
};
