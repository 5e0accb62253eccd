import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { waitingFor } from '../../functions/drills/aws/scratch-table.ts';
import { TableSource } from '../../functions/drills/aws/table-source.ts';
import type { TableShape } from '../../functions/drills/domain/drill.ts';
import { readItems } from '../../functions/platform/store/heads.ts';
import { CommandFailure } from '../command/failure.ts';
import type { Desk } from './desk.ts';

/** Set when the desk has been deployed with the table; its value is when. */
export const liveSinceTag = 'cloud-service-desk:live-since';

export interface RestoredTable {
  readonly name: string;
  readonly arn: string;
  /** Null before its stream is on. */
  readonly streamArn: string | null;
  readonly items: number;
  readonly shape: TableShape;
  /** Of which instant the copy is, by what it was restored from; null when DynamoDB does not say. */
  readonly restoredTo: string | null;
  /** The minutes that its canaries say, the oldest and the newest; null when it has none. */
  readonly canaries: { readonly oldest: string; readonly newest: string } | null;
  readonly liveSince: string | null;
}

const canarySchema = z.object({ at: z.iso.datetime() });
const headSchema = z.object({ PK: z.string(), version: z.number(), chain: z.string() });
/** So many items of a table of ours hold some heads. */
const sample = 500;

const see = 'See docs/runbook.md#a-real-disaster';

const refuseName = (name: string, prefix: string): void => {
  if (name.startsWith(prefix) && name.length > prefix.length) return;
  const example = `${prefix}${new Date().toISOString().slice(0, 10)}`;
  throw new CommandFailure(
    `A table that becomes live must be called ${prefix}..., and this is ${name}.\nTables of other names are not permitted to the backup role, and the scratch tables of drills are removed by the desk. Restore once more, with a name like ${example}.\n${see}`,
  );
};

const differencesOf = (shape: TableShape, { keys, indexes }: Desk['settings']): readonly string[] => {
  const wanted = [{ name: 'table', keys }, ...indexes];
  const found = new Map(
    [{ name: 'table', keys: shape.keys }, ...shape.indexes].map((one) => [one.name, one.keys.join(', ')]),
  );
  return wanted.flatMap(({ name, keys: of }) =>
    found.get(name) === of.join(', ')
      ? []
      : [`${name}: ${of.join(', ')} is wanted, ${found.get(name) ?? 'nothing'} is there`],
  );
};

const canariesOf = async ({ client }: Desk, table: string): Promise<RestoredTable['canaries']> => {
  const keys = Array.from({ length: 16 }, (_unused, index) => ({
    PK: `CAN#${String(index).padStart(2, '0')}`,
    SK: 'C',
  }));
  const minutes = (await readItems(client, table, keys, { consistent: true }))
    .map((item) => canarySchema.parse(item).at)
    .sort();
  const [oldest, newest] = [minutes[0], minutes.at(-1)];
  return oldest === undefined || newest === undefined ? null : { oldest, newest };
};

const hasHeads = async ({ client }: Desk, table: string): Promise<boolean> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, Limit: sample }));
  return Items.some((item) => headSchema.safeParse(item).success);
};

const streamOf = ({ LatestStreamArn, StreamSpecification }: TableDescription): string | null =>
  StreamSpecification?.StreamEnabled === true ? (LatestStreamArn ?? null) : null;

/** Looks whether a table can take the place of the live one. @throws CommandFailure saying what it lacks. */
export const lookAtTable = async (desk: Desk, name: string): Promise<RestoredTable> => {
  refuseName(name, desk.settings.prefix);
  const source = new TableSource(desk.tables);
  const described = await source.table(name);
  const shape = described === null ? null : await source.shape(name);
  if (described === null || shape === null)
    throw new CommandFailure(`There is no table ${name}. Restore it first.\n${see}`);
  const waiting = waitingFor(described);
  if (waiting !== '')
    throw new CommandFailure(
      `${name} cannot be used yet (${waiting}). Wait until it is ACTIVE with every index, and run this again.`,
    );
  const differences = differencesOf(shape, desk.settings);
  if (differences.length > 0)
    throw new CommandFailure(
      `${name} is not made like the operations table:\n  ${differences.join('\n  ')}\nIs it a copy of another table, or restored without its indexes?`,
    );
  if (!(await hasHeads(desk, name)))
    throw new CommandFailure(
      `${name} holds nothing of a service desk: no head of an entity among its first ${sample} items. Restore another recovery point.`,
    );
  return {
    name,
    arn: shape.tableArn,
    streamArn: streamOf(described),
    items: shape.itemCount,
    shape,
    restoredTo: described.RestoreSummary?.RestoreDateTime?.toISOString() ?? null,
    canaries: await canariesOf(desk, name),
    liveSince: shape.tags[liveSinceTag] ?? null,
  };
};
