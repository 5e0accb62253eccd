import { ValidationFailed } from '../platform/errors.ts';
import { localTime } from './domain/zone.ts';

/**
 * The dates of a holiday file, in days of a zone. The reader of such files is larger than this context: it lies in a file
 * of its own beside the function (lib/constructs/bundles.ts) and is loaded by the first file that comes.
 * @throws ValidationFailed, naming the line that is wrong
 */
export const holidaysOf = async (
  text: string,
  { timezone, now }: { readonly timezone: string; readonly now: number },
): Promise<readonly string[]> => {
  const { datesIn } = await import('#holidays-file');
  const localDay = (at: number) => {
    const { date, ms } = localTime(timezone, at);
    return { date, midnight: ms === 0 };
  };
  const read = datesIn(text, { year: Number(localDay(now).date.slice(0, 4)), localDay });
  if ('dates' in read) return read.dates;
  throw new ValidationFailed([{ path: 'holidaysIcs', message: read.broken }]);
};
