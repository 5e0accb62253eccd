import { adoptedTables } from '../../../local/assembly/resources/adopted-tables.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { projectAssembly } from '../e2e/assembly-copy.ts';

/** Parameters that were written over lead functions, permissions and stream sources to another table. */
const path = '/cloud-service-desk/local/operations-';
const name = 'cloud-service-desk-local-operations-1';

it('is made like the one whose place it takes, and is deployed by nobody', async () => {
  const directory = await projectAssembly();
  const before = readAssembly(directory);
  const own = before.tables.find(({ streamArn }) => streamArn !== null);
  if (own?.streamArn == null) throw new Error('no table with a stream');
  const arn = own.arn.replace(own.name, name);
  const streamArn = `${arn}/stream/2`;
  const after = readAssembly(directory, { [`${path}table-name`]: name, [`${path}stream-arn`]: streamArn });

  const adopted = after.tables.filter((table) => table.adopted === true);
  expect(adopted).toEqual([
    { ...own, id: `${own.id} -> ${name}`, name, arn, streamArn, adopted: true, protection: undefined },
  ]);
  expect(after.tables.filter((table) => table.adopted !== true)).toEqual(before.tables);

  const using = after.functions.filter(({ environment }) => environment['OPERATIONS_TABLE'] !== undefined);
  expect(using.length).toBeGreaterThan(5);
  expect(new Set(using.map(({ environment }) => environment['OPERATIONS_TABLE']))).toEqual(new Set([name]));
  const streams = after.eventSources.filter(({ kind }) => kind === 'stream');
  expect(streams.map(({ sourceArn }) => sourceArn)).toEqual([streamArn, streamArn]);
  const roles = JSON.stringify(after.roles.filter(({ id }) => /HttpDesk|StreamKpis|JobSweep/.test(id)));
  expect(roles).toContain(arn);
  expect(roles).not.toContain(own.arn);
}, 480_000);

it('takes nothing for another table whose parameter says what it said', async () => {
  const { tables } = readAssembly(await projectAssembly());
  expect(adoptedTables(tables, [])).toEqual([]);
  expect(
    adoptedTables(
      tables,
      tables.map(({ name: same }) => ({ before: same, now: same })),
    ),
  ).toEqual([]);
}, 480_000);
