import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { stageConfig } from '../../lib/stage-config.ts';
import { changedSource, upgradedVersion } from './changed-source.ts';
import { DeployedApi } from './deployed-api.ts';
import { Deployment } from './deployment.ts';
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
  const client = { endpoint: url.href, region };
  const emulator = new Emulator(url, region);
  const steps = new Steps();
  const deployment = new Deployment({ stage, folder, client, emulator, steps });

  const first = await steps.run('synthesize', () => deployment.assemble('first', projectDir, overrides));
  await steps.run('bootstrap', () => deployment.bootstrap(first));
  await steps.run('deploy', () => deployment.deployFirst(first));
  steps.note(await counted(emulator));

  const api = new DeployedApi(url, await deployment.parameter('http-api-id'));
  const lived = await steps.run('smoke', async () => {
    const [poolId, clientId] = await Promise.all(
      ['user-pool-id', 'user-pool-client-id'].map((name) => deployment.parameter(name)),
    );
    const pool = { poolId: poolId ?? '', clientId: clientId ?? '', callbackUrl: callbackUrls[0] ?? '' };
    const signIn = new SignIn(new CognitoIdentityProviderClient(client), url, pool);
    return smoke(api, signIn, (line) => steps.note(line));
  });

  const before = await remembered(api, lived);
  const next = await steps.run('synthesize the changed version', () => {
    const sourceDir = join(folder, 'changed-source');
    changedSource(projectDir, sourceDir);
    return deployment.assemble('next', sourceDir, upgradedOverrides);
  });
  await steps.run('upgrade', () => deployment.deploy(next));
  await steps.run('check after the upgrade', async () => steps.note(await unharmed(api, lived, before)));
  if (!options.keep) {
    await steps.run('destroy', () => deployment.destroy(next));
    steps.note(await nothingLeft(emulator));
  }
  steps.summary();
  console.log('\nwhere the emulator differs from AWS, gone around by this command alone:');
  for (const lie of lies) console.log(`- ${lie}`);
};

/** The new version answers, every datum is as it was, and work goes on. */
const unharmed = async (api: DeployedApi, lived: Lived, before: string): Promise<string> => {
  const { version } = (await api.get(null, '/openapi.json', described)).info;
  if (version !== upgradedVersion) throw new RehearsalError(`still the old version answers: ${version}`);
  const after = await remembered(api, lived);
  if (after !== before) throw new RehearsalError(`the upgrade changed data:\n${before}\n${after}`);
  const reply = { body: 'Found it.', visibility: 'public' };
  await api.post(lived.agent, `/v1/tickets/${lived.breachedId}/replies`, reply, z.unknown());
  return `version ${version} answers; ${Buffer.byteLength(after)} bytes of tickets, timelines, alerts, people and figures are the same; a reply went in`;
};

const counted = async (emulator: Emulator): Promise<string> =>
  Object.entries(await emulator.inventory(prefix))
    .map(([kind, names]) => `${names.length} ${kind}`)
    .join(', ');

const nothingLeft = async (emulator: Emulator): Promise<string> => {
  const left = Object.entries(await emulator.inventory(prefix)).flatMap(([kind, names]) =>
    names.map((name) => `${kind} ${name}`),
  );
  if (left.length > 0) throw new RehearsalError(`destroyed, and still there: ${left.join(', ')}`);
  return 'nothing of the stage is left: no stack, function, table or queue';
};
