import { people } from './identity/people.ts';
import { seed } from './identity/seed.ts';
import type { CloudModel } from './model.ts';
import type { Gate } from './gate.ts';
import type { Parts } from './parts.ts';

const seededKey = 'seeded';
const settleMs = 5000;

/** Functions that somebody waits for: those of routes and streams. */
const warmFunctions = (model: CloudModel): readonly string[] => [
  ...new Set([
    ...model.api.routes.map(({ functionId }) => functionId),
    ...model.eventSources.filter(({ kind }) => kind === 'stream').map(({ functionId }) => functionId),
  ]),
];

/** Makes the people of the tokens, once; not for an assembly that is no service desk. */
const seedOnce = async ({ services, gateway, issuer }: Parts): Promise<void> => {
  const admin = people.find(({ role }) => role === 'first-admin');
  if (admin === undefined || services.state.get(seededKey) !== null || !gateway.knows('POST', '/v1/teams')) return;
  await seed({ token: await issuer.token(admin, null), answer: (request) => gateway.answer(request) });
  services.state.set(seededKey, 'yes');
};

/** Sets a desk going: workers, sources, people. Opens the gate when all has come to rest, and lists show the people. */
export const begin = async (parts: Parts, gate: Gate): Promise<void> => {
  await parts.host.warm(warmFunctions(parts.model));
  parts.sources.start();
  parts.alarms.start();
  await seedOnce(parts);
  await parts.activity.settled(settleMs);
  await parts.services.catchUp();
  gate.open();
};

/** Waits until nothing goes on, for as long as something is finished. */
export const comeToRest = async ({ activity, clock }: Parts): Promise<void> => {
  await clock.still();
  await activity.settled(settleMs);
};

/**
 * Back to a fresh start, time and memory of workers included; tokens stay good. Requests wait meanwhile.
 * Killed in between, the next start finds an empty desk and seeds it.
 */
export const reset = async (parts: Parts, gate: Gate): Promise<void> => {
  const { clock, sources, host, services, faults, issuer, alarms } = parts;
  gate.close();
  try {
    await comeToRest(parts);
    alarms.stop();
    await sources.stop();
    await host.restart();
    await services.reset();
    faults.clear();
    clock.reset();
    issuer.keep();
    await begin(parts, gate);
  } finally {
    gate.open();
  }
};
