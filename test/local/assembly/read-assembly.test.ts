import { AssemblyError } from '../../../local/assembly/assembly-error.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { editedAssembly, fixtureDir } from '../fixture/fixture.ts';

const model = readAssembly(fixtureDir);

describe('reading an assembly', () => {
  it('names functions by their entrypoint and resolves their environment over stacks', () => {
    const http = model.functions.find(({ name }) => name === 'http-echo');
    expect(http).toMatchObject({
      arn: 'arn:aws:lambda:eu-central-1:000000000000:function:fixture-http-echo',
      environment: {
        ITEMS_TABLE: 'Fixture-Data-Items',
        LOG_TABLE: 'Fixture-Data-Log',
        QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/fixture-queue',
      },
      timeoutSeconds: 2,
      memoryMb: 128,
    });
  });

  it('gives the operator the managed policies that nobody carries', () => {
    expect(model.operator.statements).toEqual([
      {
        effect: 'Allow',
        actions: ['s3:ListBucket', 's3:GetObject'],
        resources: ['arn:aws:s3:::Fixture-App-Failed', 'arn:aws:s3:::Fixture-App-Failed/*'],
        conditions: {},
      },
    ]);
  });

  it('collects the statements of a role from its policies', () => {
    expect(model.roles[0]?.statements).toEqual([
      {
        effect: 'Allow',
        actions: ['dynamodb:PutItem', 'dynamodb:Scan'],
        resources: [
          'arn:aws:dynamodb:eu-central-1:000000000000:table/Fixture-Data-Log',
          'arn:aws:dynamodb:eu-central-1:000000000000:table/Fixture-Data-Items',
        ],
        conditions: {},
      },
      {
        effect: 'Allow',
        actions: ['s3:ListBucket', 's3:PutObject'],
        resources: ['arn:aws:s3:::Fixture-App-Failed', 'arn:aws:s3:::Fixture-App-Failed/*'],
        conditions: {},
      },
      {
        effect: 'Allow',
        actions: ['sqs:SendMessage'],
        resources: ['arn:aws:sqs:eu-central-1:000000000000:fixture-queue'],
        conditions: {},
      },
    ]);
  });

  it('ties event sources to their tables and queues', () => {
    expect(model.eventSources.map(({ kind, sourceArn }) => [kind, sourceArn])).toEqual([
      ['stream', model.tables[0]?.streamArn],
      ['queue', model.queues.find(({ name }) => name === 'fixture-queue')?.arn],
    ]);
    expect(model.eventSources[0]).toMatchObject({
      batchSize: 5,
      bisectOnError: true,
      maximumRetries: 2,
      reportBatchItemFailures: true,
    });
  });

  it('reads routes, authorizer and CORS', () => {
    expect(model.api.routes.map(({ routeKey, authorized }) => [routeKey, authorized])).toEqual([
      ['ANY /v1/echo', true],
      ['ANY /v1/echo/{proxy+}', true],
      ['GET /open/{proxy+}', false],
    ]);
    expect(model.api.authorizer?.audience).toEqual(['Fixture-Data-Client']);
    expect(model.api.cors?.exposeHeaders).toEqual(['ETag', 'Location']);
  });

  it('takes a version or an alias for the function behind it', () => {
    const directory = editedAssembly(({ Resources }) => {
      Resources['Version'] = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Http' } } };
      Resources['Live'] = {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Http' },
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
          Name: 'live',
        },
      };
      Resources['Integration']!.Properties.IntegrationUri = {
        'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Live}/invocations',
      };
    });
    expect(readAssembly(directory).api.routes[0]?.functionId).toBe('Fixture-App/Http');
  });
});

describe('an assembly that cannot be run', () => {
  const refusal = (edit: Parameters<typeof editedAssembly>[0]): string => {
    try {
      readAssembly(editedAssembly(edit));
    } catch (error) {
      expect(error).toBeInstanceOf(AssemblyError);
      return String(error);
    }
    return 'nothing was refused';
  };

  it('says where an unknown intrinsic stands', () => {
    const message = refusal(({ Resources }) => {
      Resources['Http']!.Properties.Environment.Variables.X = { 'Fn::Cidr': ['10.0.0.0/8', 1, 8] };
    });
    expect(message).toContain('Fixture-App/Http at Properties.Environment.Variables.X');
    expect(message).toContain('Fn::Cidr');
  });

  it.each([
    ['a reference to nothing', { Ref: 'Nothing' }, 'Nothing'],
    ['an attribute that does not exist', { 'Fn::GetAtt': ['Queue', 'Colour'] }, 'no attribute Colour'],
    ['an import that nobody exports', { 'Fn::ImportValue': 'nobody' }, 'imports nobody'],
    ['a parameter that nobody writes', '{{resolve:ssm:/nobody}}', '/nobody'],
  ])('says so of %s', (_name, value, expected) => {
    const message = refusal(({ Resources }) => {
      Resources['Http']!.Properties.Environment.Variables.X = value;
    });
    expect(message).toContain(expected);
    expect(message).toContain('Fixture-App/Http');
  });

  it('refuses a policy that it would only half understand', () => {
    const message = refusal(({ Resources }) => {
      Resources['QueuePolicy']!.Properties.PolicyDocument.Statement.NotAction = 'sqs:*';
    });
    expect(message).toContain('Fixture-App/QueuePolicy');
  });
});
