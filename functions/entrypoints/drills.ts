import * as z from 'zod';
import { type DeskPorts, reportTrouble, RunningTickets, type Trouble } from '../desk/index.ts';
import { ownTable } from '../drills/index.ts';
import { Committer } from '../platform/store/commit.ts';
import { ExternalIds } from '../platform/store/external-ids.ts';
import { ServiceStore } from '../services/index.ts';
import { policyBooks, ticketPorts } from './desk.ts';
import type { operations } from './operations.ts';

type Operations = ReturnType<typeof operations>;

const names = z.array(z.string().min(1));

/** Which tables may be drilled and which are watched, by the environment. */
export const drillTables = (environment: {
  readonly OPERATIONS_TABLE: string;
  readonly DESK_TABLES: string;
  readonly DRILL_TABLES: string;
}) => {
  const own = names.parse(JSON.parse(environment.DESK_TABLES));
  const others = names.parse(JSON.parse(environment.DRILL_TABLES));
  const called = (name: string): string => (name === environment.OPERATIONS_TABLE ? ownTable : name);
  return {
    /** As drills call them. */
    drilled: [ownTable, ...others],
    watched: [
      ...own.map((name) => ({ table: called(name), name, planned: true })),
      ...others.map((name) => ({ table: name, name, planned: false })),
    ],
    /** Their own names. */
    live: [...own, ...others],
  };
};

/** Tickets and alerts about drills and backups; the services whose data the tables are. */
export const troubleReports = (base: Operations, zone: string) => {
  const ports = ticketPorts(base);
  const desk = { ...ports, policies: policyBooks(base, ports.terms, zone) };
  const services = new ServiceStore(base);
  return {
    report: (trouble: Trouble) => reportTrouble(desk, trouble),
    serviceOf: (table: string) => services.ofTable(table),
  };
};

/**
 * The desk on a restored table, as it would run from there: every store anew, so that nothing is remembered of the live table.
 * It sends no hints, and nobody reads the stream of that table: what it writes reaches nobody.
 */
export const restoredDesk =
  (base: Operations, zone: string) =>
  (table: string): DeskPorts & { readonly runningTickets: (limit: number) => Promise<readonly string[]> } => {
    const { client, clock } = base;
    const hints = { afterCommit: async () => {} };
    const committer = new Committer({ client, table, clock, hints });
    const restored = { ...base, table, committer, externalIds: new ExternalIds({ client, table }) };
    const ports = ticketPorts(restored);
    const running = new RunningTickets({ client, table, people: ports.people.store });
    return {
      ...ports,
      policies: policyBooks(restored, ports.terms, zone),
      runningTickets: async (limit) => (await running.page(null, limit)).ticketIds,
    };
  };
