import { Match } from 'aws-cdk-lib/assertions';
import { heartbeatKey } from '../../functions/platform/stream/heartbeat.ts';
import { spoken, synthesized } from './synthesized.ts';

const { templates, ofType } = synthesized('prod');
const { automation } = templates;
/** The alias that a mapping calls, which it names as `<function>:live`. */
const aliasIdOf = (functionName: unknown): string => /"Ref":"(\w+)"/.exec(JSON.stringify(functionName))?.[1] ?? '';
const mapping = (functionId: string, queue?: string) =>
  ofType('AWS::Lambda::EventSourceMapping').find(
    ({ Properties }) =>
      spoken({ Ref: aliasIdOf(Properties.FunctionName) }) === functionId &&
      (queue === undefined || spoken(Properties.EventSourceArn) === queue),
  )?.Properties;
const filtersOf = (functionId: string) =>
  mapping(functionId).FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern));

describe('readers of the operations stream', () => {
  it('are two, which is what a shard allows', () => {
    expect(
      ofType('AWS::Lambda::EventSourceMapping').filter(
        ({ Properties }) => spoken(Properties.EventSourceArn) === '<operationsstreamarn>',
      ),
    ).toHaveLength(2);
  });

  it.each([
    ['StreamKpisFunctionAliaslive', 100],
    ['StreamAlertsFunctionAliaslive', 10],
  ])('%s starts at the oldest record, halves failing batches and keeps what it gives up', (functionId, batchSize) => {
    expect(mapping(functionId)).toMatchObject({
      BatchSize: batchSize,
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(spoken(mapping(functionId).DestinationConfig.OnFailure.Destination)).toBe('StreamSourcesFailedRecords.Arn');
    // The stream keeps a record for 24 hours; giving up must come before it is gone.
    expect(mapping(functionId).MaximumRecordAgeInSeconds).toBeLessThan(24 * 3600);
    expect(mapping(functionId).MaximumRetryAttempts).toBeGreaterThan(0);
  });

  it('see heartbeats and new events, the KPI reader ticket heads too, and the alert reader only what raises an alert', () => {
    const events = { eventName: ['INSERT'], dynamodb: { Keys: { SK: { S: [{ prefix: 'EV#' }] } } } };
    const ticketHeads = { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { SK: { S: ['T'] } } } };
    const heartbeats = {
      eventName: ['INSERT', 'MODIFY'],
      dynamodb: { Keys: { PK: { S: [heartbeatKey.PK] } } },
    };
    expect(filtersOf('StreamKpisFunctionAliaslive')).toEqual([events, ticketHeads, heartbeats]);
    expect(filtersOf('StreamAlertsFunctionAliaslive')).toEqual([
      { ...events, dynamodb: { ...events.dynamodb, NewImage: { alertId: { S: [{ exists: true }] } } } },
      heartbeats,
    ]);
  });

  it('of alerts are four a shard, so that a burst of 10,000 deadlines is told within a minute; of KPIs one', () => {
    expect(mapping('StreamAlertsFunctionAliaslive').ParallelizationFactor).toBe(4);
    expect(mapping('StreamKpisFunctionAliaslive').ParallelizationFactor).toBeUndefined();
  });

  it('keep failed records encrypted and private', () => {
    automation.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });
});

describe('queues', () => {
  it.each([
    ['QueueDueFunctionAliaslive', 'DueTimersCriticalQueue.Arn'],
    ['QueueDueFunctionAliaslive', 'DueTimersRestQueue.Arn'],
    ['QueueDrillsFunctionAliaslive', 'DueTimersDrillsQueue.Arn'],
    ['JobRollupFunctionAliaslive', 'KpiRollupsHintsQueue.Arn'],
  ])('%s takes from %s and reports failures one by one', (functionId, queue) => {
    expect(mapping(functionId, queue)).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
  });

  it('are encrypted, closed to plain HTTP, and have dead letters that are', () => {
    const queues = ofType('AWS::SQS::Queue');
    expect(queues).toHaveLength(8);
    expect(queues.every(({ Properties }) => Properties.SqsManagedSseEnabled)).toBe(true);
    automation.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      },
      8,
    );
    expect(queues.filter(({ Properties }) => Properties.RedrivePolicy !== undefined)).toHaveLength(4);
  });

  it('of drills give each of two drills at once an invocation of its own', () => {
    expect(mapping('QueueDrillsFunctionAliaslive', 'DueTimersDrillsQueue.Arn')).toMatchObject({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('hide a message for six times as long as its consumer may take', () => {
    const sources = ofType('AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => Properties.StartingPosition === undefined,
    );
    for (const { Properties } of sources) {
      const queue = ofType('AWS::SQS::Queue').find(({ id }) => id === Properties.EventSourceArn['Fn::GetAtt'][0]);
      const alias = ofType('AWS::Lambda::Alias').find(({ id }) => id === aliasIdOf(Properties.FunctionName));
      expect(JSON.stringify(Properties.FunctionName)).toContain('":live"');
      const consumer = ofType('AWS::Lambda::Function').find(({ id }) => id === alias?.Properties.FunctionName.Ref);
      expect(queue?.Properties.VisibilityTimeout).toBe(6 * consumer?.Properties.Timeout);
    }
    expect(sources).toHaveLength(4);
  });
});

describe('schedules', () => {
  it('have settings of their calls, made after the alias that they are for', () => {
    const settings = ofType('AWS::Lambda::EventInvokeConfig');
    expect(settings.map(({ DependsOn }) => DependsOn?.map((id) => spoken({ Ref: id })))).toEqual([
      ['JobSweepFunctionAliaslive'],
      ['JobBackupsFunctionAliaslive'],
      ['JobRollupFunctionAliaslive'],
      ['JobDigestsFunctionAliaslive'],
      ['JobRecountFunctionAliaslive'],
    ]);
    for (const { Properties } of settings)
      expect(Properties).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, Qualifier: 'live' });
  });

  it('let the recount begin each night, by the clocks of the reporting zone', () => {
    const { templates: inLima } = synthesized('dev', { reportingZone: 'America/Lima' });
    inLima.automation.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 4 * * ? *)',
      ScheduleExpressionTimezone: 'America/Lima',
      Target: Match.objectLike({ Input: '{"trigger":"nightly"}' }),
    });
  });

  it.each([
    'JobSweepFunctionAliaslive',
    'JobRollupFunctionAliaslive',
    'JobRecountFunctionAliaslive',
    'JobBackupsFunctionAliaslive',
  ])('%s runs every minute, on the minute, without retries', (functionId) => {
    const schedule = ofType('AWS::Scheduler::Schedule').find(
      ({ Properties }) => spoken(Properties.Target.Arn) === functionId,
    );
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
  });
});
