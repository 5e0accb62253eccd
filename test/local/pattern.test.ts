import { matchesPattern } from '../../local/pattern.ts';
import { checkPattern } from '../../local/pattern-check.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: {
    Keys: { PK: { S: 'TKT#tkt_1' }, SK: { S: 'EV#00000001' } },
    NewImage: { alertId: { S: 'alt_1' }, level: { N: '2' }, tags: { L: [] } },
  },
  detail: { ip: '10.0.0.7', count: 5, list: ['a', 'b'], nothing: null, text: 'Hello', empty: [] },
};

it.each<[string, unknown, boolean]>([
  ['events by key prefix', { dynamodb: { Keys: { SK: { S: [{ prefix: 'EV#' }] } } } }, true],
  ['another prefix', { dynamodb: { Keys: { SK: { S: [{ prefix: 'BODY#' }] } } } }, false],
  ['insert only', { eventName: ['INSERT'] }, true],
  ['several fields, one wrong', { eventName: ['INSERT'], dynamodb: { Keys: { PK: { S: ['x'] } } } }, false],
  ['an attribute that is there', { dynamodb: { NewImage: { alertId: { S: [{ exists: true }] } } } }, true],
  ['one that is not', { dynamodb: { NewImage: { facts: { L: [{ exists: true }] } } } }, false],
  ['absence, below an absent parent', { dynamodb: { OldImage: { alertId: { S: [{ exists: false }] } } } }, true],
  ['absence of what is there', { dynamodb: { NewImage: { alertId: { S: [{ exists: false }] } } } }, false],
  ['a member of a list', { detail: { list: ['b'] } }, true],
  ['null', { detail: { nothing: [null] } }, true],
  ['a number is not its text', { detail: { count: ['5'] } }, false],
  ['numeric range', { detail: { count: [{ numeric: ['>', 1, '<', 6] }] } }, true],
  ['suffix', { detail: { text: [{ suffix: 'llo' }] } }, true],
  ['prefix ignoring case', { detail: { text: [{ prefix: { 'equals-ignore-case': 'hE' } }] } }, true],
  ['equals ignoring case', { detail: { text: [{ 'equals-ignore-case': 'HELLO' }] } }, true],
  ['wildcard', { detail: { text: [{ wildcard: 'H*o' }] } }, true],
  ['wildcard is literal elsewhere', { detail: { text: [{ wildcard: 'H.l*' }] } }, false],
  ['network', { detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, true],
  ['another network', { detail: { ip: [{ cidr: '10.0.1.0/24' }] } }, false],
  ['anything but a prefix', { detail: { text: [{ 'anything-but': { prefix: 'He' } }] } }, false],
  ['anything but numbers', { detail: { count: [{ 'anything-but': [1, 2] }] } }, true],
  ['one of two alternatives', { $or: [{ eventName: ['REMOVE'] }, { detail: { count: [5] } }] }, true],
  ['an empty list has nothing', { detail: { empty: [{ exists: true }] } }, false],
  ['an empty pattern', {}, true],
  ['a field of the prototype', { detail: { toString: [{ exists: true }] } }, false],
])('%s', (_name, pattern, expected) => {
  expect(matchesPattern(pattern, record)).toBe(expected);
});

it.each([
  [{ eventName: [{ like: 'I%' }] }],
  [{ eventName: 'INSERT' }],
  [{ detail: { count: [{ numeric: ['~', 1] }] } }],
])('refuses what it does not know: %j', (pattern) => {
  expect(() => matchesPattern(pattern, record)).toThrow();
  expect(() => checkPattern(pattern)).toThrow();
});

it('finds an unknown operator anywhere in a pattern before any event comes', () => {
  expect(() =>
    checkPattern({ a: ['x'], $or: [{ b: [1] }, { c: { d: [{ 'anything-but': { like: 'x' } }] } }] }),
  ).toThrow(/"like"/);
  checkPattern({ a: [{ exists: false }, 'x', 1, null], b: { c: [{ numeric: ['>', 1] }] } });
});
