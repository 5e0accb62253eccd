const PATTERN = /^(\d{2})-(\d{2})-(\d{4}) (\d{2}):(\d{2})$/;

/**
 * Reads `DD-MM-YYYY HH:MM` as UTC (the log names no zone) into an ISO 8601 instant; null when it is not a real minute of the calendar,
 * such as 31-02-2016 or 24:10.
 */
export const readDayFirst = (text: string): string | null => {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, day, month, year, hour, minute] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:00.000Z`;
  const instant = new Date(iso);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === iso ? iso : null;
};
