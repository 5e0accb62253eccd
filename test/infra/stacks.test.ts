import { type StackName, spoken, synthesized } from './synthesized.ts';

const { stacks, templates, ofType } = synthesized('prod');
const names: readonly StackName[] = ['data', 'automation', 'api', 'observability'];

describe('stacks', () => {
  it('are named by stage and protected against termination in prod', () => {
    expect(names.map((name) => stacks[name].stackName)).toEqual(
      ['Data', 'Automation', 'Api', 'Observability'].map((part) => `CloudServiceDesk-prod-${part}`),
    );
    expect(names.every((name) => stacks[name].terminationProtection)).toBe(true);
    expect(synthesized('dev').stacks.data.terminationProtection).toBe(false);
  });

  it('say at the end of a deployment what a person needs next', () => {
    expect(names.flatMap((name) => Object.keys(templates[name].toJSON().Outputs ?? {})).sort()).toEqual([
      'ApiUrl',
      'DocsUrl',
      'MachineClientId',
      'PeopleClientId',
      'SignInUrl',
      'UserPoolId',
    ]);
  });

  it('export and import nothing', () => {
    for (const name of names) {
      const outputs: Record<string, object> = templates[name].toJSON().Outputs ?? {};
      for (const output of Object.values(outputs)) expect(output).not.toHaveProperty('Export');
      expect(JSON.stringify(templates[name].toJSON())).not.toContain('Fn::ImportValue');
    }
  });

  it('read only parameters that an earlier stack writes', () => {
    const written = new Map(
      ofType('AWS::SSM::Parameter').map(({ stack, Properties }) => [Properties.Name, names.indexOf(stack)]),
    );
    for (const [order, name] of names.entries()) {
      const parameters: { Type: string; Default: string }[] = Object.values(templates[name].toJSON().Parameters ?? {});
      const read = parameters
        .filter(({ Type }) => Type === 'AWS::SSM::Parameter::Value<String>')
        .map(({ Default }) => Default);
      expect(
        read.filter((path) => (written.get(path) ?? order) >= order && path.startsWith('/cloud-service-desk/')),
      ).toEqual([]);
    }
  });

  it('are deployed in the order in which they read', () => {
    expect(stacks.automation.dependencies).toContain(stacks.data);
    expect(stacks.api.dependencies).toContain(stacks.automation);
    expect(stacks.observability.dependencies).toContain(stacks.api);
  });

  it('tag what they make', () => {
    const tags = ofType('AWS::DynamoDB::Table').map(({ Properties }) => Properties.Tags);
    const own = tags.map((list: { Key: string }[]) => list.filter(({ Key }) => Key !== 'cloud-service-desk:backup'));
    expect(own).toEqual(
      tags.map(() => [
        { Key: 'application', Value: 'cloud-service-desk' },
        { Key: 'stage', Value: 'prod' },
      ]),
    );
  });
});

describe('alert topic', () => {
  const filter = { severity: [], kind: [], teamId: [], customerId: [] };
  const cloud = synthesized('dev', {
    alertSubscribers: [
      { id: 'sub_mail', channel: 'email', target: 'oncall@example.com', filter },
      { id: 'sub_text', channel: 'sms', target: '+4915112345678', filter: { ...filter, severity: ['critical'] } },
    ],
  });

  it('is one, under the data key', () => {
    cloud.templates.automation.resourceCountIs('AWS::SNS::Topic', 1);
    expect(spoken(cloud.ofType('AWS::SNS::Topic')[0]?.Properties.KmsMasterKeyId)).toBe('<datakeyarn>');
  });

  it('lets each subscriber of the stage see the deliveries that are his', () => {
    const subscriptions = cloud
      .ofType('AWS::SNS::Subscription')
      .map(({ Properties: { Protocol, Endpoint, FilterPolicy } }) => ({ Protocol, Endpoint, FilterPolicy }));
    expect(subscriptions).toEqual([
      { Protocol: 'email', Endpoint: 'oncall@example.com', FilterPolicy: { subscriptionId: ['sub_mail'] } },
      { Protocol: 'sms', Endpoint: '+4915112345678', FilterPolicy: { subscriptionId: ['sub_text'] } },
    ]);
  });

  it('hands the same subscribers to the functions that choose among them', () => {
    for (const name of ['http-alerts', 'stream-alerts', 'queue-due']) {
      const lambda = cloud
        .ofType('AWS::Lambda::Function')
        .find(({ Properties }) => Properties.FunctionName.endsWith(name));
      const list = JSON.parse(lambda?.Properties.Environment.Variables.STAGE_SUBSCRIPTIONS);
      expect(list.map(({ id }: { id: string }) => id)).toEqual(['sub_mail', 'sub_text']);
    }
  });
});
