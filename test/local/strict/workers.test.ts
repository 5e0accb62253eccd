import type { FixtureDesk } from '../fixture/fixture.ts';
import { type NaiveDesk, naiveDesk } from './naive-desk.ts';

/** The same functions on a comfortable and on a strict desk. */
let naive: readonly NaiveDesk[];
let comfortable: FixtureDesk;
let strict: FixtureDesk;
let printed: () => string;

beforeAll(async () => {
  const [one, other] = await Promise.all([naiveDesk(null), naiveDesk({ seed: 5 })]);
  naive = [one, other];
  comfortable = one.desk;
  ({ desk: strict, printed } = other);
}, 240_000);
afterAll(() => Promise.all(naive.map(({ stop }) => stop())));

const status = async (desk: FixtureDesk, route: string, init: RequestInit = {}): Promise<number> =>
  (await desk.call(`/v1/echo/${route}`, init)).status;

describe('work still pending after the answer', () => {
  it.each(['forget', 'forget-request', 'forget-timer'])('is an error: %s', async (route) => {
    expect(await status(comfortable, route)).toBe(202);
    expect(await status(strict, route)).toBe(500);
  });

  it('is told by name', async () => {
    await strict.call('/v1/echo/forget-request');
    await strict.call('/v1/echo/forget-timer');
    expect(printed()).toContain('which Lambda freezes: request GET /left');
    expect(printed()).toContain('1 Timeout');
  });

  it('is not what the handler has awaited, however often its connection is used', async () => {
    for (let call = 0; call < 15; call += 1) expect(await status(strict, 'wait')).toBe(202);
  });

  it('is not a file that was read to its end', async () => {
    for (let call = 0; call < 20; call += 1) expect(await status(strict, 'read')).toBe(202);
  });
});

describe('a frozen worker', () => {
  it('does nothing between invocations', async () => {
    const ticks = async (desk: FixtureDesk): Promise<number> => {
      // Until the worker that ticks is the one that is asked.
      for (;;) {
        await desk.call('/v1/echo/tick');
        await new Promise((resolve) => setTimeout(resolve, 200));
        const { ticks: counted } = await desk.json('/v1/echo/ticks');
        if (counted !== undefined) return counted;
      }
    };
    expect(await ticks(comfortable)).toBeGreaterThan(5);
    expect(await ticks(strict)).toBeLessThan(5);
  });

  it('holds back nothing that it printed', async () => {
    await strict.call('/v1/echo/print');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(printed()).toContain('line 199');
  });
});

describe('recycled workers', () => {
  const lastCount = async (desk: FixtureDesk): Promise<number> => {
    let last = 0;
    for (let call = 0; call < 70; call += 1) last = (await desk.json('/v1/echo/remember')).calls;
    return last;
  };

  it('forget what a module remembered', async () => {
    expect(await lastCount(comfortable)).toBe(70);
    expect(await lastCount(strict)).toBeLessThanOrEqual(60);
  });

  it('forget it after an error too', async () => {
    const afterError = async (desk: FixtureDesk): Promise<number> => {
      await desk.call('/v1/echo/throw');
      return (await desk.json('/v1/echo/remember')).calls;
    };
    expect(await afterError(comfortable)).toBeGreaterThan(1);
    expect(await afterError(strict)).toBe(1);
  });

  it('lose nothing that is in a table', async () => {
    for (let call = 0; call < 25; call += 1) expect(await status(strict, 'record')).toBe(201);
    const entries: { source: string }[] = await strict.json('/v1/echo/log');
    expect(entries.filter(({ source }) => source === 'count')).toHaveLength(25);
  });
});

describe('payloads of functions', () => {
  const post = (desk: FixtureDesk, bytes: number): Promise<number> =>
    status(desk, 'length', { method: 'POST', body: 'x'.repeat(bytes), headers: { 'content-type': 'text/plain' } });

  it('are refused with 413 when the event is over 6 MB, though the gateway takes 10', async () => {
    const tooMuch = 6 * 1024 * 1024;
    expect(await post(comfortable, tooMuch)).toBe(200);
    expect(await post(strict, tooMuch)).toBe(413);
    expect(await post(strict, 5 * 1024 * 1024)).toBe(200);
  });

  it('are an error when the answer is over 6 MB, counted in bytes', async () => {
    expect(await status(strict, 'large')).toBe(500);
    expect(await status(comfortable, 'accents')).toBe(200);
    expect(await status(strict, 'accents')).toBe(500);
    expect(await status(strict, 'fits')).toBe(200);
  });
});
