import { jest } from '@jest/globals';
import { AssemblyCopy, projectAssembly } from './assembly-copy.ts';
import { RunningDesk, stopDesks } from './running-desk.ts';

afterEach(stopDesks);

it('asks a service once, also after time was moved: its answers carry virtual time', async () => {
  const copy = new AssemblyCopy(await projectAssembly());
  copy.removeAction('http-alerts', 'sns:Subscribe');
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  const desk = await RunningDesk.start(copy.directory);
  const denied = async (): Promise<number> => {
    printed.mockClear();
    await desk.as('admin', '/v1/alert-subscriptions', { body: { channel: 'email', target: 'a@desk.example' } });
    return printed.mock.calls.length;
  };
  expect(await denied()).toBe(1);
  await desk.timeTo((await desk.now()) + 10 * 60_000);
  // Were the Date header of an answer wall time, the SDK would take it for a skewed clock of its own, which it does from five minutes on, and repeat every error.
  expect(await denied()).toBe(1);
  printed.mockRestore();
  copy.remove();
}, 240_000);
