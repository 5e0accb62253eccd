import { type Api, type Call, firstAdmin, given, type Reply } from '../api.ts';

/** What tests of calendars and policies say often. */
export const policiesApi = (api: Api) => {
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    api.send(firstAdmin, { method, path, headers, ...(body === undefined ? {} : { body }) } satisfies Call);
  const patch = async (path: string, body: unknown): Promise<Reply> => {
    const { headers } = await send('GET', path);
    return send('PATCH', path, body, { 'if-match': headers['etag'] ?? '' });
  };
  const calendar = (change: object = {}): Promise<Reply['body']> =>
    given(api, {
      method: 'POST',
      path: '/v1/calendars',
      body: { name: 'Days', timezone: 'Europe/Berlin', hours: { mon: [['09:00', '17:00']] }, ...change },
    });
  const policy = async (change: object = {}): Promise<Reply['body']> => {
    const calendarId = 'calendarId' in change ? change.calendarId : (await calendar()).id;
    const body = {
      name: 'Gold',
      conditions: { tier: ['gold'] },
      calendarId,
      targets: { resolution: { high: { seconds: 3600 } } },
      ...change,
    };
    return given(api, { method: 'POST', path: '/v1/sla-policies', body });
  };
  return { send, patch, calendar, policy };
};

export const errorsOf = (reply: Reply): string[] =>
  (reply.body.errors ?? []).map(({ path, message }: { path: string; message: string }) => `${path} ${message}`);
