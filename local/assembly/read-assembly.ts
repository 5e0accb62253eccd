import type { CloudModel } from '../model.ts';
import { readStacks } from './manifest.ts';
import { adoptedTables } from './resources/adopted-tables.ts';
import { readAlarms } from './resources/alarms.ts';
import { readApi } from './resources/api.ts';
import { readBackup } from './resources/backup.ts';
import { readBuckets } from './resources/buckets.ts';
import { readEventRules } from './resources/event-rules.ts';
import { readEventSources } from './resources/event-sources.ts';
import { readFunctions } from './resources/functions.ts';
import { readQueues, readTopics, readTopicSubscriptions } from './resources/messaging.ts';
import { readParameters } from './resources/parameters.ts';
import { readOperator, readRoles } from './resources/roles.ts';
import { readSchedules } from './resources/schedules.ts';
import { readTables } from './resources/tables.ts';
import { World } from './world.ts';

/**
 * Reads a synthesized cloud assembly into the picture that the local desk runs from.
 * `written` are values that were written over those of its parameters, by name.
 * @throws AssemblyError saying stack, logical id and path when something cannot be resolved.
 */
export const readAssembly = (directory: string, written: Readonly<Record<string, string>> = {}): CloudModel => {
  const stacks = readStacks(directory);
  const world = new World(stacks, written);
  const roles = readRoles(world);
  const functions = readFunctions(world, roles);
  const queues = readQueues(world);
  const tables = readTables(world);
  const parameters = readParameters(world);
  const writtenOver = parameters.flatMap(({ name, value }) => {
    const now = written[name];
    return now === undefined ? [] : [{ before: value, now }];
  });
  const accountId = stacks[0]?.account ?? '000000000000';
  return {
    region: stacks[0]?.region ?? 'us-east-1',
    accountId,
    functions,
    roles,
    operator: readOperator(world, accountId),
    tables: [...tables, ...adoptedTables(tables, writtenOver)],
    queues,
    topics: readTopics(world),
    topicSubscriptions: readTopicSubscriptions(world),
    buckets: readBuckets(world),
    parameters,
    eventSources: readEventSources(world, functions),
    schedules: readSchedules(world, functions),
    eventRules: readEventRules(world, queues),
    backup: readBackup(world),
    alarms: readAlarms(world),
    api: readApi(world, functions),
  };
};
