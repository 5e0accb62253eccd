import './loud.ts';
import { afterEach, jest } from '@jest/globals';
import fc from 'fast-check';
import { describeError } from '../../../functions/platform/log/describe-error.ts';
import { mask } from '../../../functions/platform/log/mask.ts';
import { logger } from '../../../functions/platform/logger.ts';
import { LostRace } from '../../../functions/platform/store/commit.ts';

afterEach(() => void jest.restoreAllMocks());

const printed = (print: () => void): string => {
  let text = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk: unknown) => {
    text += String(chunk);
    return true;
  });
  print();
  return text;
};

describe('a log line', () => {
  it('leaves out keys that are not listed, and withholds values that are not what their key promises', () => {
    const fields = {
      status: 200,
      route: 'GET /v1/tickets/{ticketId}',
      ticketId: 'ada lovelace',
      subject: 'Checkout 502',
      email: 'ada@acme.example',
      role: 'agent',
    };
    const line = JSON.parse(printed(() => logger.info('request', fields)));
    expect(line).toMatchObject({
      message: 'request',
      service: 'cloud-service-desk',
      status: 200,
      route: 'GET /v1/tickets/{ticketId}',
      ticketId: '[withheld]',
      role: 'agent',
    });
    expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['subject']));
    expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['email']));
  });

  it('has no message but words of ours', () => {
    expect(JSON.parse(printed(() => logger.info('ticket of ada@acme.example')))['message']).toBe('withheld');
  });
});

describe('the level', () => {
  it.each([
    ['error', 0],
    ['info', 1],
  ])('%s of the environment holds, in the small letters of the stage file', async (level, lines) => {
    const silent = process.env['POWERTOOLS_LOG_LEVEL'];
    delete process.env['POWERTOOLS_LOG_LEVEL'];
    process.env['LOG_LEVEL'] = level;
    jest.resetModules();
    const fresh = (await import('../../../functions/platform/logger.ts')).logger;
    process.env['POWERTOOLS_LOG_LEVEL'] = silent;
    expect(
      printed(() => fresh.info('request'))
        .split('\n')
        .filter((line) => line !== ''),
    ).toHaveLength(lines);
  });
});

describe('a text', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 6, maxLength: 9 });
  const digits = fc.integer({ min: 10_000_000, max: 99_999_999 }).map(String);

  it('loses e-mail addresses, phone numbers and tokens, whatever stands around them', () => {
    fc.assert(
      fc.property(word, digits, fc.string(), fc.string(), (name, number, before, after) => {
        const secrets = [
          `${name}@${name}.example`,
          `+49 ${number.slice(0, 4)} ${number.slice(4)}`,
          `(0${number.slice(0, 3)}) ${number.slice(3, 5)}-${number.slice(5)}`,
          `Bearer ${name}${number}`,
          `eyJ${name}.${name}.${name}`,
        ];
        for (const secret of secrets) {
          const masked = mask(`${before} ${secret} ${after}`, 1000);
          for (const part of [name, number.slice(4)])
            expect(masked.includes(part) && !`${before}${after}`.includes(part)).toBe(false);
        }
      }),
    );
  });

  it('stays on one line and short', () => {
    expect(mask(`a\nb\r\u2028${'x'.repeat(5_000_000)}`, 20)).toBe(`a b ${'x'.repeat(16)}`);
  });
});

describe('an error', () => {
  it('of ours tells its message, without what must not be told', () => {
    expect(describeError(new LostRace('TKT#ada@acme.example', 3)).message).toBe('[e-mail] is no longer at version 3.');
  });

  it('of anybody tells its class and where it was thrown, never its message', () => {
    const thrown = describeError(new TypeError('Ada Lovelace is not a function'));
    expect(thrown).toMatchObject({ name: 'TypeError', message: 'withheld' });
    expect(thrown.at[0]).toMatch(/^lines\.test\.ts:\d+:\d+$/);
  });

  const forged = 'Error: x\n    at ada (ada.js:1:1)\n    at run (index.js:2:2)';
  it.each([
    ['in a message that looks like a stack', { message: 'x\n    at ada (ada.js:1:1)', stack: forged }],
    ['in a stack of another message', { message: 'second', stack: forged }],
    ['in a stack of which the message is only a part', { message: 'r', stack: forged }],
    ['in a stack whose message was taken away', { message: '', stack: forged }],
  ])('does not believe places %s', (_where, parts) => {
    expect(describeError(Object.assign(new Error('x'), parts)).at.join()).not.toContain('ada');
  });

  it('of a transaction tells the codes of its reasons', () => {
    const error = Object.assign(new Error('cancelled'), {
      name: 'TransactionCanceledException',
      $metadata: { requestId: 'R1', httpStatusCode: 400 },
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { subject: { S: 'Lovelace' } } }],
    });
    const described = describeError(error);
    expect(described).toMatchObject({
      awsRequestId: 'R1',
      awsStatus: 400,
      reasons: ['None', 'ConditionalCheckFailed'],
    });
    expect(JSON.stringify(described)).not.toContain('Lovelace');
  });

  it('ends with its third cause', () => {
    const deep = new Error('1', { cause: new Error('2', { cause: new Error('3', { cause: new Error('4') }) }) });
    expect(describeError(deep).cause?.cause?.cause).toBeUndefined();
    expect(describeError(deep).cause?.cause?.name).toBe('Error');
  });
});
