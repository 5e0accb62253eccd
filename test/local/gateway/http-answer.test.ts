import { httpAnswer } from '../../../local/gateway/http-answer.ts';

const answer = (value: unknown) => {
  const { status, headers, cookies, body } = httpAnswer(JSON.stringify(value));
  return { status, headers, cookies, body: body.toString() };
};

describe('mapping of function answers', () => {
  it('takes status, headers, cookies and body', () => {
    expect(
      answer({
        statusCode: 201,
        headers: { ETag: '"1"', 'Content-Type': 'application/json' },
        cookies: ['a=b'],
        body: '{}',
      }),
    ).toEqual({
      status: 201,
      headers: { etag: '"1"', 'content-type': 'application/json' },
      cookies: ['a=b'],
      body: '{}',
    });
  });

  it('decodes base64', () => {
    expect(answer({ statusCode: 200, body: Buffer.from('hi').toString('base64'), isBase64Encoded: true }).body).toBe(
      'hi',
    );
  });

  it('makes 200 of bare JSON', () => {
    expect(answer([1])).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body: '[1]' });
    expect(answer(null)).toMatchObject({ status: 200, body: 'null' });
  });

  it.each([{ statusCode: 'no' }, { statusCode: 200, body: { an: 'object' } }, { statusCode: 99 }])(
    'makes 500 of %j',
    (value) => {
      expect(answer(value)).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
    },
  );
});
