import { readFileSync } from 'node:fs';

/** What the event log says about an incident, read here on its own: neither parser nor mapping is shared with the import. */
export interface Truth {
  number: string;
  createdAt: string;
  customer: string | null;
  priority: string;
  statuses: { at: string; status: string }[];
  assignments: { at: string; team: string | null; assignee: string | null }[];
  reopens: number;
}

/** Splits CSV text into cells, character by character: quotes may hold commas, line ends and doubled quotes. */
export const splitCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let inside = false;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (cells.some((one) => one.trim() !== '')) rows.push(cells);
    cells = [];
  };
  for (let index = text.charCodeAt(0) === 0xfeff ? 1 : 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (inside) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else inside = false;
    } else if (character === '"') inside = true;
    else if (character === ',') endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  endRow();
  return rows;
};

const statusOf = (state: string): string => {
  if (state === 'New' || state === 'Active') return 'open';
  if (state === 'Awaiting User Info') return 'waiting_customer';
  if (state === 'Awaiting Vendor') return 'waiting_vendor';
  if (state === 'Awaiting Problem' || state === 'Awaiting Evidence') return 'waiting_internal';
  if (state === 'Resolved') return 'resolved';
  if (state === 'Closed') return 'closed';
  throw new Error(`unknown state ${state}`);
};

const priorityOf = (text: string): string => {
  const word = { 1: 'critical', 2: 'high', 3: 'normal', 4: 'low' }[text.slice(0, 1)];
  if (word === undefined) throw new Error(`unknown priority ${text}`);
  return word;
};

const millisecondsOf = (dayFirst: string): number => {
  const [day, month, year, hour, minute] = dayFirst.split(/[- :]/).map(Number);
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute);
};
const instantOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
const orNull = (text: string | undefined): string | null =>
  text === undefined || text === '' || text === '?' ? null : text;
export const isDone = (status: string): boolean => status === 'resolved' || status === 'closed';

type Update = Record<string, string>;
const updated = (update: Update): number => millisecondsOf(update.sys_updated_at ?? '');

const truthOf = (number: string, updates: Update[]): Truth => {
  updates.sort((a, b) => updated(a) - updated(b) || Number(a.sys_mod_count) - Number(b.sys_mod_count));
  const first = updates[0] ?? {};
  const truth: Truth = {
    number,
    createdAt: instantOf(Math.min(millisecondsOf(first.opened_at ?? ''), updated(first))),
    customer: orNull(first.location),
    priority: priorityOf(updates.at(-1)?.priority ?? ''),
    statuses: [],
    assignments: [],
    reopens: 0,
  };
  for (const update of updates) {
    const at = instantOf(updated(update));
    const status = statusOf(update.incident_state ?? '');
    const before = truth.statuses.at(-1)?.status;
    if (status !== before) {
      truth.statuses.push({ at, status });
      if (before !== undefined && isDone(before) && !isDone(status)) truth.reopens += 1;
    }
    const [team, assignee] = [orNull(update.assignment_group), orNull(update.assigned_to)];
    const holder = truth.assignments.at(-1) ?? { team: null, assignee: null };
    if (team !== holder.team || assignee !== holder.assignee) truth.assignments.push({ at, team, assignee });
  }
  return truth;
};

/** Every incident of a log file, by number. */
export const readTruth = (file: string): Map<string, Truth> => {
  const [header = [], ...rows] = splitCsv(readFileSync(file, 'utf8'));
  const incidents = new Map<string, Update[]>();
  for (const cells of rows) {
    const update = Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
    const number = update.number ?? '';
    incidents.set(number, [...(incidents.get(number) ?? []), update]);
  }
  return new Map([...incidents].map(([number, updates]) => [number, truthOf(number, updates)]));
};
