import { DescribeTableCommand, ListTablesCommand, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { leftOverTables } from '../../../functions/drills/aws/actions.ts';
import { aws, noTable, prefix, scratchArn, scratchTable, sent, tableOf } from './fixture.ts';

const created = new Date('2026-03-02T09:00:00Z');

it('lists every scratch table of every page with its age and its drill, and no other table', async () => {
  const desk = aws();
  desk.dynamodb
    .on(ListTablesCommand)
    .resolvesOnce({ TableNames: ['desk-operations', scratchTable], LastEvaluatedTableName: scratchTable })
    .resolves({ TableNames: [prefix, `${prefix}drl_2`, `x${prefix}drl_3`] });
  desk.dynamodb.on(DescribeTableCommand).resolves({ Table: tableOf({ CreationDateTime: created }) });
  desk.dynamodb
    .on(ListTagsOfResourceCommand)
    .resolvesOnce({ Tags: [{ Key: 'drill-id', Value: 'drl_1' }] })
    .resolves({ Tags: [] });
  expect(await leftOverTables(desk.options).list()).toEqual([
    { name: scratchTable, createdAt: '2026-03-02T09:00:00.000Z', drillId: 'drl_1', status: 'ACTIVE' },
    { name: `${prefix}drl_2`, createdAt: '2026-03-02T09:00:00.000Z', drillId: null, status: 'ACTIVE' },
  ]);
  expect(sent(desk.dynamodb)).toEqual([
    ['ListTables', {}],
    ['ListTables', { ExclusiveStartTableName: scratchTable }],
    ['DescribeTable', { TableName: scratchTable }],
    ['ListTagsOfResource', { ResourceArn: scratchArn }],
    ['DescribeTable', { TableName: `${prefix}drl_2` }],
    ['ListTagsOfResource', { ResourceArn: scratchArn }],
  ]);
});

it('leaves out a table that goes while it looks, and does without the tags of one that is just going', async () => {
  const desk = aws();
  desk.dynamodb.on(ListTablesCommand).resolves({ TableNames: [scratchTable, `${prefix}drl_2`] });
  desk.dynamodb
    .on(DescribeTableCommand)
    .rejectsOnce(noTable())
    .resolves({ Table: tableOf({ TableStatus: 'DELETING' }) });
  desk.dynamodb.on(ListTagsOfResourceCommand).rejects(noTable());
  expect(await leftOverTables(desk.options).list()).toEqual([
    { name: `${prefix}drl_2`, createdAt: null, drillId: null, status: 'DELETING' },
  ]);
});

it('does not hide that it could not look', async () => {
  const desk = aws();
  desk.dynamodb.on(ListTablesCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await expect(leftOverTables(desk.options).list()).rejects.toThrow('no');
  desk.dynamodb.on(ListTablesCommand).resolves({});
  expect(await leftOverTables(desk.options).list()).toEqual([]);
  desk.dynamodb.on(ListTablesCommand).resolves({ TableNames: [scratchTable] });
  desk.dynamodb.on(DescribeTableCommand).resolves({ Table: tableOf() });
  desk.dynamodb
    .on(ListTagsOfResourceCommand)
    .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await expect(leftOverTables(desk.options).list()).rejects.toThrow('no');
});
