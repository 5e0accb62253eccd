/** Control, format (zero width, direction) and separator characters, and halves of surrogate pairs: nothing that a reader sees. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Foreign text as one visible line of at most `max` characters as a reader counts them; longer text ends in `...`. */
export const oneLine = (text: string, max: number): string => {
  const line = text.replace(invisible, ' ').replace(/\s+/g, ' ').trim();
  const visible = Array.from(graphemes.segment(line), ({ segment }) => segment);
  return visible.length <= max ? line : `${visible.slice(0, max - 3).join('')}...`;
};

/**
 * What GSM 03.38 writes in one septet and ASCII shares: letters, digits and this punctuation. `[ ] { } ^ ~ | \` take two and a
 * back quote does not exist there. Brackets count double, see `gsmLength`.
 */
const foreign = /[^A-Za-z0-9 @$_!"#%&'()*+,\-./:;<=>?[\]]+/g;

/** How many septets of an SMS a text of `gsmText` takes: 160 fit in one message. */
export const gsmLength = (text: string): number => text.length + (text.match(/[[\]]/g)?.length ?? 0);

/** Text in the letters that both ASCII and GSM 03.38 have, without line breaks, cut to `max` septets. */
export const gsmText = (text: string, max: number): string => {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(foreign, ' ')
    .replace(/ +/g, ' ')
    .trim();
  const cut = (end: number): string =>
    gsmLength(plain.slice(0, end)) <= max ? plain.slice(0, end).trimEnd() : cut(end - 1);
  return cut(Math.min(plain.length, max));
};
