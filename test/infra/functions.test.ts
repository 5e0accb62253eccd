import { Match } from 'aws-cdk-lib/assertions';
import { environments, functionNames } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../../lib/function-catalogue.ts';
import { synthesized } from './synthesized.ts';

const cloud = synthesized('dev');
const functionOf = (name: string, from = cloud) =>
  from
    .ofType('AWS::Lambda::Function')
    .find(({ Properties }) => Properties.FunctionName === `cloud-service-desk-dev-${name}`);

describe('functions', () => {
  it('are those that have an environment schema, and no others', () => {
    expect(
      cloud
        .ofType('AWS::Lambda::Function')
        .map(({ Properties }) => Properties.FunctionName)
        .sort(),
    ).toEqual(functionNames.map((name) => `cloud-service-desk-dev-${name}`).sort());
  });

  it.each(functionNames)('%s gets every variable of its schema and none beyond', (name) => {
    expect(Object.keys(functionOf(name)?.Properties.Environment.Variables).sort()).toEqual(
      Object.keys(environments[name].shape).sort(),
    );
  });

  it.each(functionNames)('%s says what its failure costs', (name) => {
    expect(functionOf(name)?.Properties.Description).toBe(`When it fails: ${functionCatalogue[name].costOfFailure}`);
    expect(functionOf(name)?.Properties.Description.length).toBeLessThanOrEqual(256);
  });

  it.each(functionNames)('%s runs Node 24 on ARM, with a log that is not kept for ever', (name) => {
    const { Properties } = functionOf(name) ?? {};
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    const log = cloud.ofType('AWS::Logs::LogGroup').find(({ id }) => id === Properties.LoggingConfig.LogGroup.Ref);
    expect(log?.Properties.RetentionInDays).toBe(7);
  });

  it('take concurrency from the account unless the stage reserves some', () => {
    // GIVEN a stage that reserves two executions for the rollup
    const reserved = synthesized('dev', { reservedConcurrency: { 'job-rollup': 2 } });
    // THEN it alone has them
    expect(functionOf('job-rollup', reserved)?.Properties.ReservedConcurrentExecutions).toBe(2);
    reserved.templates.automation.resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      { ReservedConcurrentExecutions: Match.absent() },
      8,
    );
  });
});
