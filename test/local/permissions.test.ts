import type { PolicyStatement } from '../../local/model.ts';
import { PermissionCheck } from '../../local/services/permissions/permission-check.ts';

const table = 'arn:aws:dynamodb:eu-central-1:1:table/operations';
const statement = (part: Partial<PolicyStatement>): PolicyStatement => ({
  effect: 'Allow',
  actions: ['dynamodb:GetItem'],
  resources: [table],
  conditions: {},
  ...part,
});
const decide = (statements: PolicyStatement[], action = 'dynamodb:GetItem', resource = table, context = {}) =>
  new PermissionCheck({ id: 'r', arn: 'arn:aws:iam::1:role/r', statements }).decide({ action, resource, context });

it.each<[string, PolicyStatement[], string, string, boolean]>([
  ['nothing allows nothing', [], 'dynamodb:GetItem', table, false],
  ['the very action on the very resource', [statement({})], 'dynamodb:GetItem', table, true],
  ['actions ignore case', [statement({ actions: ['DynamoDB:getitem'] })], 'dynamodb:GetItem', table, true],
  ['resources do not', [statement({})], 'dynamodb:GetItem', table.toUpperCase(), false],
  ['a wildcard action', [statement({ actions: ['dynamodb:Get*'] })], 'dynamodb:GetItem', table, true],
  ['a wildcard action of another kind', [statement({ actions: ['dynamodb:Put*'] })], 'dynamodb:GetItem', table, false],
  [
    'a table does not cover its indexes',
    [statement({ actions: ['dynamodb:Query'] })],
    'dynamodb:Query',
    `${table}/index/due`,
    false,
  ],
  [
    'index wildcard',
    [statement({ actions: ['dynamodb:Query'], resources: [`${table}/index/*`] })],
    'dynamodb:Query',
    `${table}/index/due`,
    true,
  ],
  ['? is one character', [statement({ resources: [`${table.slice(0, -1)}?`] })], 'dynamodb:GetItem', table, true],
  ['a dot is a dot', [statement({ resources: [table.replace('-', '.')] })], 'dynamodb:GetItem', table, false],
  [
    'deny wins',
    [statement({ resources: ['*'] }), statement({ effect: 'Deny', actions: ['*'] })],
    'dynamodb:GetItem',
    table,
    false,
  ],
])('%s', (_name, statements, action, resource, allowed) => {
  expect(decide(statements, action, resource).allowed).toBe(allowed);
});

describe('conditions', () => {
  const keys = (...values: string[]) => ({ 'dynamodb:leadingkeys': values });
  const leading = (operator: string, ...values: string[]) => [
    statement({ conditions: { [operator]: { 'dynamodb:LeadingKeys': values } } }),
  ];

  it.each<[string, PolicyStatement[], object, boolean]>([
    ['equal', leading('ForAllValues:StringEquals', 'a'), keys('a', 'a'), true],
    ['one of all differs', leading('ForAllValues:StringEquals', 'a'), keys('a', 'b'), false],
    ['any is enough', leading('ForAnyValue:StringLike', 'TKT#*'), keys('X', 'TKT#1'), true],
    ['like', leading('StringLike', 'TKT#*'), keys('TKT#1'), true],
    ['not like', leading('StringNotLike', 'TKT#*'), keys('TKT#1'), false],
    ['a key that the call lacks', leading('StringEquals', 'a'), {}, false],
    ['if exists', leading('StringEqualsIfExists', 'a'), {}, true],
  ])('%s', (_name, statements, context, allowed) => {
    expect(decide(statements, 'dynamodb:GetItem', table, context).allowed).toBe(allowed);
  });

  it('refuses what it cannot judge, and names it', () => {
    expect(decide(leading('IpAddress', '10.0.0.0/8'))).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('condition operator IpAddress'),
    });
    const key = [statement({ conditions: { StringEquals: { 'aws:PrincipalTag/team': ['x'] } } })];
    expect(decide(key)).toMatchObject({ allowed: false, reason: expect.stringContaining('aws:PrincipalTag/team') });
    const deny = [
      statement({}),
      statement({ effect: 'Deny', conditions: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } } }),
    ];
    expect(decide(deny)).toMatchObject({ allowed: false, reason: expect.stringContaining('explicit deny') });
  });
});
