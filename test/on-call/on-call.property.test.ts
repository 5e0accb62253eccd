import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { onCallAt, shiftAt, shiftsBetween } from '../../functions/on-call/domain/on-call.ts';
import type { Rota } from '../../functions/on-call/domain/rota.ts';
import { changeRota } from '../../functions/on-call/use-cases/change-rota.ts';
import { createRota } from '../../functions/on-call/use-cases/create-rota.ts';
import { addOverride, endOverride } from '../../functions/on-call/use-cases/overrides.ts';
import { RotaModel } from './rota-model.ts';
import { everybody, RotasInMemory } from './rotas-in-memory.ts';

const hour = 3_600_000;
const horizonHours = 35 * 24;
const iso = (at: number): string => new Date(at).toISOString();

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
];
const zone = fc.constantFrom(...zones);
const agentIds = fc.array(fc.constantFrom('ada', 'bob', 'cyd', 'dan'), { minLength: 1, maxLength: 5 });
const handover = fc.oneof(
  fc.record({
    at: fc.constantFrom('00:00', '01:30', '02:00', '02:30', '03:00', '09:00', '23:59'),
    every: fc.constant('week' as const),
    days: fc.constant(1),
  }),
  fc.record({
    at: fc.constantFrom('00:00', '01:30', '02:15', '02:30', '09:00'),
    every: fc.constant('day' as const),
    days: fc.integer({ min: 1, max: 10 }),
  }),
);
/** A first day some weeks before clocks are changed, so that most stories live through it. */
const start = fc
  .record({
    zone,
    year: fc.integer({ min: 2005, max: 2035 }),
    days: fc.integer({ min: 0, max: 30 }),
    side: fc.constantFrom('next' as const, 'previous' as const),
  })
  .map(({ zone: name, year, days, side }) => {
    const from = Temporal.PlainDate.from({ year, month: 1, day: 15 }).toZonedDateTime(name);
    const found = from.getTimeZoneTransition(side);
    const change = found === null || found.year < 2000 ? from : found;
    return { zone: name, startsOn: change.toPlainDate().subtract({ days }) };
  });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 120 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('stand in' as const),
      agent: fc.constantFrom('ada', 'eve', 'fay'),
      inMinutes: fc.integer({ min: -600, max: 9_000 }),
      minutes: fc.integer({ min: 1, max: 6_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take back' as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      inMinutes: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 9_000 })),
      wanted: fc.record({ zone, agents: agentIds, handover }, { requiredKeys: [] }),
    }),
  },
);

/** Lives through a story with the use cases and with the model; keeps what was answered for each hour when it was the present. */
const live = async (
  given: { zone: string; startsOn: Temporal.PlainDate },
  first: { agents: string[]; handover: { at: string; every: 'day' | 'week'; days: number } },
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
) => {
  const rotas = new RotasInMemory();
  const model = new RotaModel(
    { zone: given.zone, agents: first.agents, anchor: given.startsOn, handover: first.handover },
    Date.parse(given.startsOn.add({ days: 130 }).toString()),
  );
  const clock = { at: model.begins, now: () => clock.at };
  const ports = { rotas, people: everybody, clock };
  const change = { rotaId: 'rot', ifMatch: null, actor: { id: 'me', role: 'lead' as const } };
  await createRota(
    ports,
    {
      teamId: 'tem',
      name: 'Night',
      timezone: given.zone,
      agentIds: first.agents,
      startsOn: given.startsOn.toString(),
      handover: first.handover,
    },
    { actor: change.actor, remember: () => undefined },
  );
  const said = new Map<number, string | undefined>();
  const now = (at: number) => onCallAt(rotas.head as Rota, at)?.agentId;
  const wait = (hours: number) => {
    for (let passed = 0; passed < hours; passed += 1) {
      said.set(clock.at, now(clock.at));
      clock.at += hour;
    }
  };
  for (const one of steps) {
    clock.at += 1;
    if (one.kind === 'wait') wait(one.hours);
    else if (one.kind === 'stand in') {
      const from = clock.at + one.inMinutes * 60_000;
      const to = from + one.minutes * 60_000;
      const wanted = { agentId: one.agent, from: iso(from), to: iso(to), note: '' };
      const adding = addOverride(ports, { ...change, remember: () => undefined }, wanted);
      if (to <= clock.at) await expect(adding).rejects.toMatchObject({ name: 'ValidationFailed' });
      else {
        await adding;
        model.overrides.push({ agent: one.agent, from: Math.max(from, clock.at), to });
      }
    } else if (one.kind === 'take back') {
      const override = rotas.head?.overrides[one.which];
      if (override === undefined || Date.parse(override.to) <= clock.at) continue;
      await endOverride(ports, change, override.id);
      const modelled = model.overrides.find(
        ({ agent, from, to }) => agent === override.agentId && iso(from) === override.from && iso(to) === override.to,
      );
      if (modelled === undefined) throw new Error('the model knows no such override');
      modelled.to = Math.max(modelled.from, clock.at);
    } else {
      const { zone: timezone, agents, handover: other } = one.wanted;
      if (Object.keys(one.wanted).length === 0) continue;
      const since = one.inMinutes === null ? clock.at : clock.at + one.inMinutes * 60_000;
      await changeRota(ports, change, {
        timezone,
        agentIds: agents,
        handover: other,
        effectiveFrom: one.inMinutes === null ? undefined : iso(since),
      });
      model.change(since, one.wanted);
    }
  }
  return { rotas, model, said };
};

test('exactly one person at every instant, the one that counting hour by hour finds; the past stays as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      start,
      agentIds,
      handover,
      fc.array(step, { maxLength: 14 }),
      async (given, agents, turns, steps) => {
        const { rotas, model, said } = await live(given, { agents, handover: turns }, steps);
        const whole = rotas.whole;
        const head = rotas.head as Rota;
        const hours = Array.from({ length: horizonHours }, (_one, index) => model.begins + index * hour);
        const edges = model.edges().flatMap((at) => [at - 1, at]);
        const instants = [...hours, ...edges].filter(
          (at) => at >= model.begins && at < model.begins + horizonHours * hour,
        );
        const keptFrom = head.keptFrom === null ? model.begins : Date.parse(head.keptFrom);
        const found = instants.map((at) => ({ at: iso(at), shift: shiftAt(whole, at) }));
        expect(found.map(({ at, shift }) => [at, shift?.agentId])).toEqual(
          instants.map((at) => [iso(at), model.who(at)]),
        );
        const present = instants.filter((at) => at >= keptFrom);
        expect(present.map((at) => ({ at: iso(at), shift: shiftAt(head, at) }))).toEqual(
          found.filter((_one, index) => (instants[index] ?? 0) >= keptFrom),
        );
        const past = [...said.keys()];
        expect(past.map((at) => [iso(at), shiftAt(whole, at)?.agentId])).toEqual(
          past.map((at) => [iso(at), said.get(at)]),
        );
      },
    ),
    { numRuns: 40 },
  );
}, 240_000);

test('a schedule is made of whole shifts that follow each other without gap or overlap', async () => {
  await fc.assert(
    fc.asyncProperty(
      start,
      agentIds,
      handover,
      fc.array(step, { maxLength: 14 }),
      fc.nat(800),
      async (given, agents, turns, steps, later) => {
        const { rotas, model } = await live(given, { agents, handover: turns }, steps);
        const from = model.begins + later * hour;
        const to = from + 30 * 24 * hour;
        const shifts = shiftsBetween(rotas.whole, from, to);
        expect(Date.parse(shifts[0]?.from ?? '')).toBeLessThanOrEqual(from);
        expect(Date.parse(shifts.at(-1)?.to ?? '')).toBeGreaterThanOrEqual(to);
        for (const [index, shift] of shifts.entries()) {
          expect(shift.from < shift.to).toBe(true);
          const next = shifts[index + 1];
          if (next !== undefined) expect(next.from).toBe(shift.to);
          for (const at of [Date.parse(shift.from), Date.parse(shift.to) - 1])
            expect(shiftAt(rotas.whole, at)).toEqual(shift);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 240_000);
