import { stageConfig } from '../../lib/stage-config.ts';

describe('stage configuration', () => {
  it.each(['local', 'dev', 'prod'])('knows %s', (stage) => {
    expect(stageConfig(stage).stage).toBe(stage);
  });

  it.each(['staging', '', undefined, 7])('refuses %p and lists what is allowed', (stage) => {
    expect(() => stageConfig(stage)).toThrow(/Unknown stage .*; allowed: local, dev, prod/);
  });

  it('counts days in universal time locally and protects prod alone', () => {
    expect(stageConfig('local').reportingZone).toBe('Etc/UTC');
    expect(['local', 'dev', 'prod'].map((stage) => stageConfig(stage).deletionProtection)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('takes overrides as an object or as JSON', () => {
    expect(stageConfig('prod', { alarmEmail: 'ops@example.com' }).alarmEmail).toBe('ops@example.com');
    expect(stageConfig('prod', '{"alarmEmail":"ops@example.com"}').alarmEmail).toBe('ops@example.com');
  });

  it('does not let overrides change the stage', () => {
    expect(stageConfig('dev', { stage: 'prod' }).stage).toBe('dev');
  });

  const filter = { severity: [], kind: [], teamId: [], customerId: [] };
  const mail = (id: string) => ({ id, channel: 'email', target: 'a@example.com', filter });

  it.each([
    ['a setting that does not exist', { alarmMail: 'ops@example.com' }, /alarmMail/],
    ['a time zone that does not exist', { reportingZone: 'Europe/Atlantis' }, /IANA time zone.*\n.*reportingZone/],
    ['a region that is none', { region: 'Frankfurt' }, /AWS region/],
    [
      'a phone number that is not E.164',
      { alertSubscribers: [{ ...mail('sub_a'), channel: 'sms', target: '0151 2345' }] },
      /alertSubscribers\[0\]\.target/,
    ],
    [
      'an address that is none',
      { alertSubscribers: [{ ...mail('sub_a'), target: 'nobody' }] },
      /alertSubscribers\[0\]\.target/,
    ],
    ['a subscriber twice', { alertSubscribers: [mail('sub_a'), mail('sub_a')] }, /one id twice/],
    [
      'more subscribers than an environment holds',
      { alertSubscribers: Array.from({ length: 40 }, (_, n) => mail(`sub_${n}`)) },
      /3000 bytes/,
    ],
    [
      'concurrency for a function that does not exist',
      { reservedConcurrency: { 'http-disk': 1 } },
      /reservedConcurrency/,
    ],
    ['a log retention that CloudWatch does not know', { logRetentionDays: 8 }, /logRetentionDays/],
    ['an empty list of origins', { corsOrigins: [] }, /Stage dev is not valid:\n.*\n.*corsOrigins/],
  ])('refuses %s', (_what, overrides, message) => {
    expect(() => stageConfig('dev', overrides)).toThrow(message);
  });

  it.each(['{', '[]', 7])('refuses overrides that are no object: %p', (overrides) => {
    expect(() => stageConfig('dev', overrides)).toThrow(/Overrides must be an object/);
  });
});
