import { isoInstant } from '../../functions/platform/clock.ts';
import { CommandFailure } from '../command/failure.ts';
import { runCommand, type Voice } from '../command/run.ts';
import type { Surroundings } from '../operator/access.ts';
import { arm, markLive, unarmed } from './arm.ts';
import { cdkArguments, deployOf } from './deploy.ts';
import { type Desk, type LiveTable, openDesk } from './desk.ts';
import { type AfterLeg, Legs } from './legs.ts';
import { type AnswersFound, forgetLostAnswers } from './lost-answers.ts';
import { counterAfter, raiseCounter } from './numbers.ts';
import { type CutoverOptions, readOptions, usage } from './options.ts';
import { firstHeartbeat, recountEverything } from './recount.ts';
import { lookAtTable, type RestoredTable } from './restored-table.ts';
import { putRowsRight } from './rows.ts';
import * as words from './words.ts';

/** Shows what would be done. */
const show = async (desk: Desk, options: CutoverOptions, table: RestoredTable, { say }: Voice): Promise<void> => {
  const live = await desk.live();
  say(`${table.name}: ${words.tableWords(table)}`);
  if (live.name === table.name)
    say(table.liveSince === null ? 'It is in the parameters already.' : `It is live since ${table.liveSince}.`);
  say(words.lossWords(table, isoInstant(desk.now())));
  const missing = unarmed(desk, table);
  say(`to arm: ${missing.length === 0 ? 'nothing' : missing.join(', ')}`);
  const answers = await forgetLostAnswers(desk, table.name, {
    oldestCanary: table.canaries?.oldest ?? null,
    really: false,
  });
  say(words.answerWords(answers, false));
  const rows = await putRowsRight(desk, table.name, false);
  say(words.rowWords(rows, false));
  if (live.name !== table.name)
    say(words.counterWords(await counterAfter(desk, table, Math.max(rows.highestNumber, answers.highestNumber))));
  say(`parameters: ${live.name} -> ${table.name}, with the stream`);
  const streamArn = table.streamArn ?? 'ARN of its stream';
  say(
    options.url === null
      ? `deployment: npx ${cdkArguments(options, { name: table.name, streamArn }).join(' ')}`
      : `deployment: POST ${options.url}/_local/deploy`,
  );
};

/** Before the table is live: nobody writes to it yet. */
const prepare = async (desk: Desk, table: RestoredTable, legs: Legs): Promise<void> => {
  const oldestCanary = table.canaries?.oldest ?? null;
  const answers = await legs.leg(
    'answers',
    () => forgetLostAnswers(desk, table.name, { oldestCanary, really: true }),
    (found) => words.answerWords(found, true),
  );
  await legs.leg(
    'numbers',
    async () => {
      const { highestNumber } = await putRowsRight(desk, table.name, false);
      const counter = await counterAfter(desk, table, Math.max(highestNumber, answers.highestNumber));
      await raiseCounter(desk, table, counter.wanted);
      return counter;
    },
    words.counterWords,
  );
};

const armed = async (desk: Desk, name: string): Promise<RestoredTable & { readonly streamArn: string }> => {
  await arm(desk, name);
  const table = await lookAtTable(desk, name);
  const { streamArn } = table;
  if (streamArn === null) throw new CommandFailure(`${name} has no stream yet. Run this again.`);
  return { ...table, streamArn };
};

/** What is put right when the desk works on the table. @returns whether all was understood. */
const settle = async (
  desk: Desk,
  table: RestoredTable,
  since: string,
  legs: Legs,
  { complain }: Voice,
): Promise<boolean> => {
  const oldestCanary = table.canaries?.oldest ?? null;
  // The desk went on answering from the lost table until it was deployed, and recorded what it answered.
  const late: AnswersFound = await legs.leg(
    'answers',
    () => forgetLostAnswers(desk, table.name, { oldestCanary, really: true }),
    (found) => words.answerWords(found, true),
  );
  await legs.leg(
    'lists',
    () => putRowsRight(desk, table.name, true),
    (found) => words.rowWords(found, true),
  );
  await legs.leg(
    'stream',
    () => firstHeartbeat(desk, since),
    (at) => `a heartbeat of ${at} came through the new stream`,
  );
  const job = await legs.leg(
    'figures',
    () => recountEverything(desk, since, (line) => complain(`... ${line}`)),
    words.recountWords,
  );
  if (late.unread > 0)
    complain(
      `${late.unread} idempotency records are of a later version of this product, and were left as they are: until they expire (25 h) a repeated request may get an answer to what is lost. Run this again with that version.`,
    );
  return late.unread === 0 && job.failed === 0;
};

const cutOver = async (
  options: CutoverOptions,
  env: Surroundings['env'],
  voice: Voice,
  afterLeg: AfterLeg | undefined,
): Promise<number> => {
  const { stage, url, table: name } = options;
  const legs = new Legs(voice, afterLeg);
  let desk = await openDesk(stage, url, env);
  try {
    const found = await lookAtTable(desk, name);
    if (!options.really) {
      await show(desk, options, found, voice);
      voice.say(
        options.dryRun ? '\nNothing was changed.' : '\nNothing was changed. The same command with --yes does it.',
      );
      return options.dryRun ? 0 : 1;
    }
    const before: LiveTable = await desk.live();
    const switched = before.name === name;
    await legs.leg('table', async () => found, words.tableWords);
    voice.say(words.lossWords(found, isoInstant(desk.now())));
    const table = await legs.leg(
      'arming',
      () => armed(desk, name),
      ({ streamArn }) => `stream ${streamArn}`,
    );
    if (!switched) await prepare(desk, table, legs);
    const live: LiveTable = { name, streamArn: table.streamArn };
    if (!switched)
      await legs.leg(
        'parameters',
        () => desk.switchTo(live),
        () => `${before.name} -> ${name}`,
      );
    let since = switched ? table.liveSince : null;
    if (since === null) {
      since = await legs.leg(
        'deployment',
        async () => {
          await deployOf(options)(live);
          desk.close();
          desk = await openDesk(stage, url, env);
          const at = isoInstant(desk.now());
          await markLive(desk, table, at);
          return at;
        },
        (at) => `live since ${at}`,
      );
    } else voice.say(`It is live since ${since}; what may be left to do is done again.`);
    const well = await settle(desk, table, since, legs, voice);
    voice.say(legs.summary());
    const lost = words.lostSince(table);
    for (const line of words.afterwards({ table: live, lost, before: before.name, now: since, stage, url }))
      voice.say(line);
    return well ? 0 : 2;
  } finally {
    desk.close();
  }
};

/** Makes a restored table the live operations table. */
export const main = (args: readonly string[], { env, ...voice }: Surroundings, afterLeg?: AfterLeg): Promise<number> =>
  runCommand(
    {
      usage,
      readOptions,
      run: (options) => cutOver(options, env, voice, afterLeg),
      whenItFails:
        'What was done until now stays so; run it again when this is mended, and it goes on. The policy cloud-service-desk-<stage>-cutover has the permissions that it needs, beside those of the CDK.',
    },
    args,
    voice,
  );
