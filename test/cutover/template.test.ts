import { restoredTablePrefix } from '../../lib/constructs/restored-tables.ts';
import { scratchTablePrefix } from '../../lib/constructs/scratch-tables.ts';
import { stageConfig } from '../../lib/stage-config.ts';
import { spoken, type Synthesized, synthesized } from '../infra/synthesized.ts';

/** What a stage deploys once a restored table has taken the place of its own. */
const name = 'cloud-service-desk-prod-operations-20260106';
const streamArn = `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}/stream/2026-01-06T09:00:00.000`;
const before = synthesized('prod');
const after = synthesized('prod', { operationsTable: { name, streamArn } });

const parameter = (cloud: Synthesized, path: string): unknown =>
  cloud
    .ofType('AWS::SSM::Parameter')
    .filter(({ Properties }) => Properties.Name === `/cloud-service-desk/prod/${path}`)
    .map(({ Properties }) => spoken(Properties.Value))[0];

it('can never be taken for a scratch table, which the desk removes', () => {
  const config = stageConfig('prod');
  const prefixes = [restoredTablePrefix(config), scratchTablePrefix(config)];
  for (const one of prefixes) expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
});

it('is published by Data, so that no later deployment leads the desk back', () => {
  expect(parameter(before, 'operations-table-name')).toBe('OperationsTable');
  expect(parameter(after, 'operations-table-name')).toBe(name);
  expect(parameter(after, 'operations-stream-arn')).toBe(streamArn);
});

it('leaves the lost table as it is, for whoever closes the incident', () => {
  const tables = (cloud: Synthesized) =>
    cloud.ofType('AWS::DynamoDB::Table').map(({ id, Properties }) => [id, Properties]);
  expect(tables(after)).toEqual(tables(before));
});

it('makes every function be published anew: its environment names a parameter, which the template does not see change', () => {
  const versions = (cloud: Synthesized) => cloud.ofType('AWS::Lambda::Version').map(({ id }) => id);
  const known = new Set(versions(before));
  expect(versions(after)).toHaveLength(known.size);
  expect(versions(after).filter((id) => known.has(id))).toEqual([]);
});

it('is copied by the backup role from the first hour on, and refers to the lost one nowhere in Data but in its own resource', () => {
  const roles = after.ofType('AWS::IAM::Policy').filter(({ id }) => /^Backups(Backup|Restore)Role/.test(id));
  expect(roles).toHaveLength(2);
  for (const { Properties } of roles) {
    expect(JSON.stringify(Properties)).toContain('cloud-service-desk-prod-operations-*');
    expect(JSON.stringify(Properties)).not.toContain('OperationsTable');
  }
});

it.each([
  [{ name: 'cloud-service-desk-prod-drill-1', streamArn }, /must be cloud-service-desk-<stage>-operations/],
  [{ name, streamArn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/other/stream/1' }, /the stream of that table/],
  [{ name }, /streamArn/],
])('refuses %j', (operationsTable, message) => {
  expect(() => stageConfig('prod', { operationsTable })).toThrow(message);
});
