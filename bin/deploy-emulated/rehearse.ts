import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { stageConfig } from '../../lib/stage-config.ts';
import { CdkCli } from './cdk.ts';
import { changedSource, upgradedVersion } from './changed-source.ts';
import { DeployedApi } from './deployed-api.ts';
import { emulatedAssembly } from './emulated-assembly.ts';
import { Emulator, emulatorUrl, RehearsalError } from './emulator.ts';
import { SignIn } from './sign-in.ts';
import { type Lived, remembered, smoke } from './smoke.ts';
import { Steps } from './steps.ts';

const projectDir = resolve(import.meta.dirname, '../..');
const stage = 'dev';
const prefix = `CloudServiceDesk-${stage}`;
const everyone = { severity: [], kind: [], teamId: [], customerId: [] };
const overrides = {
  alertSubscribers: [{ id: 'sub_stage_oncall', channel: 'email', target: 'oncall@desk.example', filter: everyone }],
};
/** The stack changes with the code: as in a release. */
const upgradedOverrides = { ...overrides, logRetentionDays: 14, throttle: { requestsPerSecond: 60, burst: 120 } };
/** Where the emulator answers otherwise than AWS. The rehearsal goes around these; the product knows nothing of them. */
const lies = [
  'failures that a stream function reports for a part of its batch are ignored: no step here relies on them (the local desk shows those)',
  'CORS preflight requests are answered 403 by the gateway: not asked here',
  'a first deployment that was rolled back leaves halves behind: the emulator is reset and the deployment repeated',
  'user pools refuse their own generated passwords where the policy is stricter: users get a temporary password of ours',
];
const described = z.object({ info: z.object({ version: z.string() }) });

/** Bootstrap, deploy, smoke, upgrade, destroy. @throws RehearsalError at the first that does not hold. */
export const rehearse = async (options: {
  readonly keep: boolean;
  readonly onFolder: (path: string) => void;
}): Promise<void> => {
  const url = emulatorUrl(process.env);
  const { region, callbackUrls } = stageConfig(stage, overrides);
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  Object.assign(process.env, { ...credentials, ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region });
  const folder = mkdtempSync(join(tmpdir(), 'cloud-service-desk-emulated-'));
  options.onFolder(folder);
  const emulator = new Emulator(url, region);
  const steps = new Steps();
  const client = { endpoint: url.href, region };

  const assemble = async (name: string, sourceDir: string, config: object): Promise<string> => {
    const assembly = join(folder, `${name}-synthesized`);
    const cdk = new CdkCli(sourceDir, process.env);
    await cdk.run(
      'synth',
      '--quiet',
      '--output',
      assembly,
      '-c',
      `stage=${stage}`,
      '-c',
      `overrides=${JSON.stringify(config)}`,
    );
    const { takenOut, resources } = await emulatedAssembly({ assembly, copy: join(folder, name), emulator });
    steps.note(`${resources} resource types; taken out, since the emulator does not know them: ${takenOut.length}`);
    for (const { id, type, because } of takenOut)
      steps.note(`  ${type} ${id}${because === null ? '' : ` (needs ${because})`}`);
    return join(folder, name);
  };
  const cdk = new CdkCli(folder, process.env);
  const deploy = (assembly: string): Promise<string> =>
    cdk.run('deploy', '--all', '--require-approval', 'never', '--progress', 'events', '--app', assembly);
  const parameter = async (name: string): Promise<string> => {
    const Name = `/cloud-service-desk/${stage}/${name}`;
    const value = (await new SSMClient(client).send(new GetParameterCommand({ Name }))).Parameter?.Value;
    if (value === undefined) throw new RehearsalError(`the deployment has no parameter ${Name}`);
    return value;
  };

  const first = await steps.run('synthesize', () => assemble('first', projectDir, overrides));
  await steps.run('bootstrap', () => cdk.run('bootstrap', '--app', first));
  await steps.run('deploy', () =>
    deployOrReset(
      () => deploy(first),
      () => cdk.run('bootstrap', '--app', first),
      emulator,
      steps,
    ),
  );
  steps.note(await counted(emulator));

  const api = new DeployedApi(url, await parameter('http-api-id'));
  const lived: Lived = await steps.run('smoke', async () => {
    const cognito = new CognitoIdentityProviderClient(client);
    const [poolId, clientId] = [await parameter('user-pool-id'), await parameter('user-pool-client-id')];
    const signIn = new SignIn(cognito, url, { poolId, clientId, callbackUrl: callbackUrls[0] ?? '' });
    return smoke(api, signIn, (line) => steps.note(line));
  });

  const before = await remembered(api, lived);
  const next = await steps.run('synthesize the changed version', () => {
    changedSource(projectDir, join(folder, 'changed-source'));
    return assemble('next', join(folder, 'changed-source'), upgradedOverrides);
  });
  await steps.run('upgrade', () => deploy(next));
  await steps.run('check after the upgrade', async () => {
    const { info } = await api.get(null, '/openapi.json', described);
    if (info.version !== upgradedVersion) throw new RehearsalError(`still the old version answers: ${info.version}`);
    const after = await remembered(api, lived);
    if (after !== before) throw new RehearsalError(`the upgrade changed data:\n${before}\n${after}`);
    await api.post(
      lived.agent,
      `/v1/tickets/${lived.breachedId}/replies`,
      { body: 'Found it.', visibility: 'public' },
      z.unknown(),
    );
    steps.note(
      `version ${info.version} answers; ${Buffer.byteLength(after)} bytes of tickets, timelines, alerts, people and figures are the same; a reply went in`,
    );
  });
  if (options.keep) return steps.summary();

  await steps.run('destroy', () => cdk.run('destroy', '--all', '--force', '--app', next));
  const left = Object.entries(await emulator.inventory(prefix)).flatMap(([kind, names]) =>
    names.map((name) => `${kind} ${name}`),
  );
  if (left.length > 0) throw new RehearsalError(`destroyed, and still there: ${left.join(', ')}`);
  steps.note('nothing of the stage is left: no stack, function, table or queue');
  steps.summary();
  console.log('\nwhere the emulator differs from AWS, gone around by this command alone:');
  for (const lie of lies) console.log(`- ${lie}`);
};

const counted = async (emulator: Emulator): Promise<string> =>
  Object.entries(await emulator.inventory(prefix))
    .map(([kind, names]) => `${names.length} ${kind}`)
    .join(', ');

/** Emulators keep half of a first deployment that they rolled back: then everything is emptied and tried once more. */
const deployOrReset = async (
  deploy: () => Promise<string>,
  bootstrap: () => Promise<string>,
  emulator: Emulator,
  steps: Steps,
): Promise<void> => {
  try {
    await deploy();
  } catch (error) {
    if (!(error instanceof Error && /ROLLBACK/.test(error.message) && (await emulator.reset()))) throw error;
    steps.note(`rolled back, so the emulator was reset and it is tried once more:\n${error.message}`);
    await bootstrap();
    await deploy();
  }
};
