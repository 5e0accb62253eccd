/** What gives people away or lets others in, wherever it stands in a text. The order matters: a token may contain the rest. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\bBearer\s+\S+/gi, '[token]'],
  [/\beyJ[\w-]*\.[\w-]*(?:\.[\w-]*)?/g, '[token]'],
  [/[^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+/g, '[e-mail]'],
  [/\+?\d(?:[\s./()-]{0,2}\d){6,}/g, '[number]'],
];

/** The text on one line, without addresses, phone numbers and tokens, and no longer than `atMost` characters. */
export const mask = (text: string, atMost = 300): string => {
  // Cut first, with room for what a mask shortens: a hostile text may be megabytes long.
  const line = text.slice(0, atMost * 4).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  return patterns.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), line).slice(0, atMost);
};
