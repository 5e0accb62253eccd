import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Strict } from '../../../local/strict.ts';
import { editedAssembly, FixtureDesk, temporaryDir } from '../fixture/fixture.ts';

/**
 * The fixture with more routes under /v1/echo, each written as somebody would who knows only the comfortable desk, or
 * rightly. One worker serves them, so that without the strict profile all requests meet the same module state.
 */
const routes = `
const base = exports.handler;
let calls = 0;
const put = (id) => call('DynamoDB_20120810.PutItem', { TableName: process.env.ITEMS_TABLE, Item: { PK: { S: id } } });
const routes = {
  forget: () => {
    put('forgotten');
    return { statusCode: 202 };
  },
  'forget-request': () => {
    require('node:http').get(process.env.AWS_ENDPOINT_URL + '/left').on('error', () => {});
    return { statusCode: 202 };
  },
  'forget-timer': () => {
    setTimeout(() => put('later'), 50);
    return { statusCode: 202 };
  },
  wait: async () => {
    await put('kept');
    const patience = setTimeout(() => {}, 240_000);
    await put('kept again');
    clearTimeout(patience);
    return { statusCode: 202 };
  },
  read: async () => {
    const file = await require('node:fs/promises').open(process.env.LAMBDA_TASK_ROOT + '/index.js');
    await file.readFile('utf8');
    void file.close();
    return { statusCode: 202 };
  },
  remember: () => ({ calls: (calls += 1) }),
  record: async () => {
    await log('count', ['one more']);
    return { statusCode: 201 };
  },
  tick: () => {
    globalThis.ticks = 0;
    setInterval(() => { globalThis.ticks += 1; }, 5).unref();
    return { statusCode: 202 };
  },
  ticks: () => ({ ticks: globalThis.ticks }),
  large: () => ({ statusCode: 200, body: 'x'.repeat(6.5 * 1024 * 1024) }),
  fits: () => ({ statusCode: 200, body: 'x'.repeat(5 * 1024 * 1024) }),
  accents: () => ({ statusCode: 200, body: 'é'.repeat(3.5 * 1024 * 1024) }),
  length: (event) => ({ length: event.body.length }),
  print: () => { for (let line = 0; line < 200; line += 1) console.log('line ' + line); return { statusCode: 200 }; },
};
exports.handler = (event) => (routes[event.pathParameters?.proxy] ?? base)(event);
`;

export interface NaiveDesk {
  readonly desk: FixtureDesk;
  /** What the function behind the routes has printed. */
  readonly printed: () => string;
  readonly stop: () => Promise<void>;
}

export const naiveDesk = async (strict: Strict | null): Promise<NaiveDesk> => {
  const assemblyDir = editedAssembly(({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources))
      if (Type === 'AWS::Lambda::Function') Properties.ReservedConcurrentExecutions = 1;
  });
  appendFileSync(join(assemblyDir, 'asset.desk', 'index.js'), routes);
  const data = temporaryDir();
  const desk = await FixtureDesk.start({ assemblyDir, strict, dataDir: data.path });
  return {
    desk,
    printed: () => readFileSync(join(data.path, 'logs', 'http-echo.log'), 'utf8'),
    stop: async () => {
      await desk.stop();
      data.remove();
    },
  };
};
