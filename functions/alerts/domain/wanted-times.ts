import * as z from 'zod';
import { severitySchema } from './alert.ts';

/** What a subscription says of the times at which it wants to be told; timing.ts says what follows from it. */

export const weekdaysOfQuiet = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When nobody wants to be told: from one local time to another, on the days on which they begin. */
export const quietHoursSchema = z.object({
  timezone: z.string(),
  /** `22:00` */
  from: z.string(),
  /** Not after `from`: on the next day. Equal: a whole day. */
  to: z.string(),
  days: z.array(z.enum(weekdaysOfQuiet)),
  /** Severities that wake people all the same. */
  except: z.array(severitySchema),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

export const digestSchema = z.enum(['none', 'hourly', 'daily']);
export type Digest = z.infer<typeof digestSchema>;

export const digestAtSchema = z.object({ time: z.string(), timezone: z.string() });
export type DigestAt = z.infer<typeof digestAtSchema>;

/** When a subscription wants what it gets. */
export interface Timing {
  readonly quietHours?: QuietHours | null;
  readonly digest?: Digest;
  readonly digestAt?: DigestAt | null;
}

/** A daily digest that names no time. */
export const usualDigestAt: DigestAt = { time: '08:00', timezone: 'UTC' };

/** Whether this is a time zone of the IANA database that the runtime knows; offsets like +01:00 are none. */
export const isTimeZone = (name: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
