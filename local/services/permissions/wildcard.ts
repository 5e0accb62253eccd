/** A test for IAM wildcards: `*` any text, `?` any one character; everything else literally. */
export function wildcardTest(patterns: readonly string[], ignoreCase: boolean): (text: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[\\s\\S]*')
      .replaceAll('?', '[\\s\\S]');
    return new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
  });
  return (text) => expressions.some((expression) => expression.test(text));
}
