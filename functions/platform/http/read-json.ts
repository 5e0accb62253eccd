import { type FieldError, ValidationFailed } from '../errors.ts';

/** Nothing in the contract is nested as deep; what is deeper would break whoever walks it by recursion. */
const deepest = 32;

/**
 * Reads a JSON body of UTF-8 bytes. Half a surrogate pair (`"\ud800"`) is refused: it cannot be stored as UTF-8, and I-JSON
 * forbids it (https://www.rfc-editor.org/rfc/rfc7493#section-2.1).
 * @throws ValidationFailed, naming the values that are wrong
 */
export const readJson = (bytes: Uint8Array): unknown => {
  const value = parsed(bytes);
  const errors = faultsOf(value);
  if (errors.length > 0) throw new ValidationFailed(errors);
  return value;
};

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not valid UTF-8';
    throw new ValidationFailed([{ path: '', message: `is not JSON: ${reason}` }]);
  }
};

/** Walks by a stack of its own, since the depth is the caller's choice. */
const faultsOf = (root: unknown): readonly FieldError[] => {
  const errors: FieldError[] = [];
  const check = (text: string, path: string): void => {
    if (!text.isWellFormed())
      errors.push({ path: path.toWellFormed(), message: 'must not contain half of a surrogate pair' });
  };
  const rest: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: root, path: '', depth: 1 },
  ];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string') check(value, path);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > deepest) return [{ path: '', message: `must not be nested deeper than ${deepest} levels` }];
    for (const [key, inner] of Object.entries(value)) {
      const innerPath = path === '' ? key : `${path}.${key}`;
      check(key, innerPath);
      rest.push({ value: inner, path: innerPath, depth: depth + 1 });
    }
  }
  return errors;
};
