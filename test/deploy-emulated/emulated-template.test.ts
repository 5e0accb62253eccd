import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulatedAssembly } from '../../bin/deploy-emulated/emulated-assembly.ts';
import { withoutTypes } from '../../bin/deploy-emulated/emulated-template.ts';
import { emulatorUrl } from '../../bin/deploy-emulated/emulator.ts';

const template = {
  Description: 'a stack',
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', DependsOn: ['Vault', 'Key'] },
    Key: { Type: 'AWS::KMS::Key' },
    Vault: { Type: 'AWS::Backup::BackupVault', Properties: { Name: 'v' } },
    Plan: { Type: 'AWS::Backup::BackupPlan', Properties: { Rules: [{ Target: { Ref: 'Vault' } }] } },
    Selection: { Type: 'AWS::Backup::BackupSelection', Properties: { Plan: { 'Fn::GetAtt': ['Plan', 'Id'] } } },
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::Sub': 'arn:${Vault.Arn}/${AWS::Region}' } } },
    Queue: { Type: 'AWS::SQS::Queue', DependsOn: 'Vault', Properties: { Name: 'Vault' } },
  },
  Outputs: { Vault: { Value: { Ref: 'Vault' } }, Topic: { Value: { Ref: 'Topic' } } },
};

describe('a template for an emulator', () => {
  it('lacks what is not known and what cannot be without it, and says why', () => {
    const { takenOut } = withoutTypes(template, new Set(['AWS::Backup::BackupVault']));
    expect(takenOut).toEqual([
      { id: 'Vault', type: 'AWS::Backup::BackupVault', because: null },
      { id: 'Plan', type: 'AWS::Backup::BackupPlan', because: 'Vault' },
      { id: 'Selection', type: 'AWS::Backup::BackupSelection', because: 'Plan' },
      { id: 'Parameter', type: 'AWS::SSM::Parameter', because: 'Vault' },
    ]);
  });

  it('keeps the rest as it is, but for orders and outputs that name what is gone', () => {
    const result = withoutTypes(template, new Set(['AWS::Backup::BackupVault']));
    expect(result.template).toEqual({
      Description: 'a stack',
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', DependsOn: ['Key'] },
        Key: { Type: 'AWS::KMS::Key' },
        Queue: { Type: 'AWS::SQS::Queue', Properties: { Name: 'Vault' } },
      },
      Outputs: { Topic: { Value: { Ref: 'Topic' } } },
    });
  });

  it('is the same when everything is known', () => {
    const result = withoutTypes(template, new Set());
    expect(result.takenOut).toEqual([]);
    expect(Object.keys(JSON.parse(JSON.stringify(result.template)).Resources)).toEqual(Object.keys(template.Resources));
  });

  it('is made in a copy: the synthesized assembly stays whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'csd-assembly-'));
    const assembly = join(folder, 'synthesized');
    mkdirSync(assembly);
    writeFileSync(join(assembly, 'A.template.json'), JSON.stringify(template));
    writeFileSync(join(assembly, 'manifest.json'), '{}');
    const asked: string[][] = [];
    const emulator = {
      unknownAmong: async (types: readonly string[]) => {
        asked.push([...types]);
        return new Set(['AWS::Backup::BackupSelection']);
      },
    };
    const { takenOut, resources } = await emulatedAssembly({ assembly, copy: join(folder, 'copy'), emulator });
    expect(asked[0]).toContain('AWS::Backup::BackupPlan');
    expect(resources).toBe(7);
    expect(takenOut.map(({ id }) => id)).toEqual(['Selection']);
    expect(JSON.parse(readFileSync(join(assembly, 'A.template.json'), 'utf8'))).toEqual(template);
    expect(readFileSync(join(folder, 'copy', 'A.template.json'), 'utf8')).not.toContain('Selection');
    rmSync(folder, { recursive: true });
  });
});

describe('where the rehearsal may deploy', () => {
  it.each(['http://127.0.0.1:4566', 'http://localhost:4566/', 'https://emulator.example'])('%s', (named) => {
    expect(emulatorUrl({ AWS_ENDPOINT_URL: named }).href).toContain(new URL(named).host);
  });

  it.each([
    [{}, /must name an emulator/],
    [{ AWS_ENDPOINT_URL: '' }, /must name an emulator/],
    [{ AWS_ENDPOINT_URL: 'https://cloudformation.eu-central-1.amazonaws.com' }, /is AWS itself/],
    [{ AWS_ENDPOINT_URL: 'https://cloudformation.cn-north-1.amazonaws.com.cn' }, /is AWS itself/],
    [{ AWS_ENDPOINT_URL: 'https://lambda.eu-central-1.api.aws' }, /is AWS itself/],
  ])('not %j', (environment, message) => {
    expect(() => emulatorUrl(environment)).toThrow(message);
  });
});
