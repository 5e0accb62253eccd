import type { Channel, Priority, Status } from '../ticket-payload.ts';
import { readDayFirst } from './day-first.ts';

/** The columns that the mapping reads; others are allowed and ignored, in any order. */
export const COLUMNS = [
  'number',
  'incident_state',
  'sys_mod_count',
  'caller_id',
  'opened_at',
  'sys_updated_at',
  'contact_type',
  'location',
  'category',
  'subcategory',
  'u_symptom',
  'priority',
  'assignment_group',
  'assigned_to',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One row of the log, read: what one update of an incident left behind. Names are null where the log says `?`. */
export interface LogRow {
  readonly line: number;
  readonly number: string;
  readonly status: Status;
  readonly modCount: number;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly channel: Channel;
  readonly priority: Priority;
  readonly caller: string | null;
  readonly location: string | null;
  readonly category: string | null;
  readonly subcategory: string | null;
  readonly symptom: string | null;
  readonly group: string | null;
  readonly assignee: string | null;
}

/** Why a row cannot be used; column is null when the row as a whole is broken. */
export interface Fault {
  readonly column: string | null;
  readonly reason: string;
}

const STATES: ReadonlyMap<string, Status> = new Map([
  ['New', 'open'],
  ['Active', 'open'],
  ['Awaiting User Info', 'waiting_customer'],
  ['Awaiting Vendor', 'waiting_vendor'],
  ['Awaiting Problem', 'waiting_internal'],
  ['Awaiting Evidence', 'waiting_internal'],
  ['Resolved', 'resolved'],
  ['Closed', 'closed'],
]);

const PRIORITIES: ReadonlyMap<string, Priority> = new Map([
  ['1 - Critical', 'critical'],
  ['2 - High', 'high'],
  ['3 - Moderate', 'normal'],
  ['4 - Low', 'low'],
]);

/** `?` becomes `api`, the channel by which the import itself comes in: a ticket has no unknown channel. */
const CHANNELS: ReadonlyMap<string, Channel> = new Map([
  ['Phone', 'phone'],
  ['IVR', 'phone'],
  ['Email', 'email'],
  ['Self service', 'web'],
  ['Direct opening', 'web'],
  ['?', 'api'],
]);

const known = (text: string): string | null => (text === '' || text === '?' ? null : text);

const shown = (text: string): string =>
  text === '' ? 'nothing' : `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

/** Looks a word up and notes a fault that says what is allowed when it is not there. */
const lookUp = <T>(
  allowed: ReadonlyMap<string, T>,
  column: Column,
  what: string,
  text: string,
  faults: Fault[],
): T | null => {
  const found = allowed.get(text);
  if (found !== undefined) return found;
  faults.push({ column, reason: `unknown ${what} ${shown(text)}; allowed: ${[...allowed.keys()].join(', ')}` });
  return null;
};

const instantOf = (column: Column, text: string, faults: Fault[]): string | null => {
  const instant = readDayFirst(text);
  if (instant === null) faults.push({ column, reason: `not a date: ${shown(text)}; expected DD-MM-YYYY HH:MM` });
  return instant;
};

/** Reads the cells of one row, by column name. All faults of the row are named at once, not only the first. */
export const readRow = (line: number, cell: (column: Column) => string): LogRow | readonly Fault[] => {
  const faults: Fault[] = [];
  const number = known(cell('number'));
  if (number === null) faults.push({ column: 'number', reason: 'the incident number is missing' });
  const status = lookUp(STATES, 'incident_state', 'state', cell('incident_state'), faults);
  const count = cell('sys_mod_count');
  if (!/^\d{1,9}$/.test(count)) faults.push({ column: 'sys_mod_count', reason: `not a whole number: ${shown(count)}` });
  const openedAt = instantOf('opened_at', cell('opened_at'), faults);
  const updatedAt = instantOf('sys_updated_at', cell('sys_updated_at'), faults);
  const channel = lookUp(CHANNELS, 'contact_type', 'contact type', cell('contact_type'), faults);
  const priority = lookUp(PRIORITIES, 'priority', 'priority', cell('priority'), faults);
  if (faults.length > 0 || !number || !status || !openedAt || !updatedAt || !channel || !priority) return faults;
  return {
    line,
    number,
    status,
    modCount: Number(count),
    openedAt,
    updatedAt,
    channel,
    priority,
    caller: known(cell('caller_id')),
    location: known(cell('location')),
    category: known(cell('category')),
    subcategory: known(cell('subcategory')),
    symptom: known(cell('u_symptom')),
    group: known(cell('assignment_group')),
    assignee: known(cell('assigned_to')),
  };
};
