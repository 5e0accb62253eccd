import { cdkArguments } from '../../bin/cutover/deploy.ts';
import { main } from '../../bin/cutover/main.ts';
import { readOptions } from '../../bin/cutover/options.ts';
import { listen } from '../command/listen.ts';

const streamArn =
  'arn:aws:dynamodb:eu-central-1:123456789012:table/cloud-service-desk-prod-operations-1/stream/2026-01-06T09:00:00.000';

it('reads what it is told, and changes nothing unless it is told so', () => {
  expect(readOptions(['--table', 'T', '--stage', 'prod'])).toEqual({
    table: 'T',
    stage: 'prod',
    url: null,
    overrides: {},
    really: false,
    dryRun: false,
  });
  expect(
    readOptions(['--table', 'T', '--url', 'http://localhost:3000', '--overrides', '{"alarmEmail":null}', '--yes']),
  ).toMatchObject({ stage: 'local', url: 'http://localhost:3000', overrides: { alarmEmail: null }, really: true });
});

it.each([
  [['--stage', 'dev'], /Say which table was restored: --table/],
  [['--stage', 'dev', '--table', ''], /Say which table was restored/],
  [['--stage', 'dev', '--table', 'T', '--yes', '--dry-run'], /Say one of --dry-run and --yes/],
  [['--stage', 'dev', '--table', 'T', '--overrides', '{'], /--overrides takes a JSON object/],
  [['--stage', 'dev', '--table', 'T', '--overrides', '[1]'], /--overrides takes a JSON object/],
])('refuses %j', async (args, message) => {
  const { code, complained } = await listen(main, ...args);
  expect([code, complained]).toEqual([1, expect.stringMatching(message)]);
});

it('deploys the stacks that read the parameters and never Data, with the settings that the stage is deployed with', () => {
  const table = { name: 'cloud-service-desk-prod-operations-1', streamArn };
  const args = cdkArguments({ stage: 'prod', overrides: { alarmEmail: 'ops@example.com' } }, table);
  expect(args.slice(0, 3)).toEqual(['cdk', 'deploy', '--exclusively']);
  expect(args.filter((word) => word.startsWith('CloudServiceDesk-'))).toEqual([
    'CloudServiceDesk-prod-Automation',
    'CloudServiceDesk-prod-Api',
    'CloudServiceDesk-prod-Observability',
  ]);
  const overrides = args.find((word) => word.startsWith('overrides='))?.slice('overrides='.length) ?? '';
  expect(JSON.parse(overrides)).toEqual({ alarmEmail: 'ops@example.com', operationsTable: table });
  expect(args).toContain('stage=prod');
});
