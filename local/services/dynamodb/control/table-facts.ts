import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { TableModel } from '../../../model.ts';
import { textOf } from '../../../state/row.ts';

const factsSchema = z.object({
  createdAt: z.number(),
  /** CREATING and DELETING end by an event, UPDATING at an instant. */
  status: z.enum(['CREATING', 'ACTIVE', 'UPDATING', 'DELETING']),
  settlesAt: z.number(),
  restore: z
    .object({ sourceBackupArn: z.string().nullable(), sourceTableArn: z.string(), restoredTo: z.number() })
    .nullable(),
  /** Since when the past is kept; null while it is not. */
  pastSince: z.number().nullable(),
  deletionProtection: z.boolean(),
  tags: z.record(z.string(), z.string()),
  kmsKeyArn: z.string().nullable(),
  ttl: z.object({ attribute: z.string(), enabled: z.boolean(), settlesAt: z.number() }).nullable(),
});

/** What the control plane knows of a table and the engine does not. All instants in ms of virtual time. */
export type TableFacts = z.output<typeof factsSchema>;

/** Of a table of which nothing was said. */
export const plainFacts: TableFacts = {
  createdAt: 0,
  status: 'ACTIVE',
  settlesAt: 0,
  restore: null,
  pastSince: null,
  deletionProtection: false,
  tags: {},
  kmsKeyArn: null,
  ttl: null,
};

/** The facts of all tables, in the desk file. */
export class TableBook {
  readonly #file: DatabaseSync;
  readonly #facts = new Map<string, TableFacts>();

  constructor(file: DatabaseSync) {
    this.#file = file;
    for (const row of file.prepare('SELECT name, facts FROM tables').all())
      this.#facts.set(textOf(row, 'name'), factsSchema.parse(JSON.parse(textOf(row, 'facts'))));
  }

  /** The tables of the template as it says that they are; what is kept of an earlier start keeps its age. Adopted ones stay as they are. */
  deploy(models: readonly TableModel[], now: number): void {
    for (const { name, protection, ttlAttribute, adopted } of models) {
      if (adopted === true) continue;
      const kept = this.#facts.get(name);
      this.set(name, {
        ...plainFacts,
        createdAt: kept?.createdAt ?? now,
        pastSince: protection?.pointInTimeRecovery === true ? (kept?.pastSince ?? now) : null,
        deletionProtection: protection?.deletionProtection ?? false,
        tags: protection?.tags ?? {},
        kmsKeyArn: protection?.kmsKeyArn ?? null,
        ttl: ttlAttribute === null ? null : { attribute: ttlAttribute, enabled: true, settlesAt: now },
      });
    }
  }

  /** Everything was emptied. */
  clear(): void {
    this.#facts.clear();
  }

  names(): readonly string[] {
    return [...this.#facts.keys()];
  }

  /** A table that was made past the control plane has plain facts. */
  of(name: string): TableFacts {
    return this.#facts.get(name) ?? plainFacts;
  }

  set(name: string, facts: TableFacts): void {
    this.#facts.set(name, facts);
    this.#file
      .prepare('INSERT INTO tables (name, facts) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET facts = excluded.facts')
      .run(name, JSON.stringify(facts));
  }

  change(name: string, change: Partial<TableFacts>): TableFacts {
    const facts = { ...this.of(name), ...change };
    this.set(name, facts);
    return facts;
  }

  remove(name: string): void {
    this.#facts.delete(name);
    this.#file.prepare('DELETE FROM tables WHERE name = ?').run(name);
  }
}

/** The status as it is at an instant. */
export const statusAt = ({ status, settlesAt }: TableFacts, now: number): TableFacts['status'] =>
  status === 'UPDATING' && now >= settlesAt ? 'ACTIVE' : status;
