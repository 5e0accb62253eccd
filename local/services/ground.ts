import type { DatabaseSync } from 'node:sqlite';
import { openDeskFile } from '../state/desk-file.ts';
import { type LocalState, localState } from '../state/local-state.ts';
import { type Database, startDatabase } from './dynamodb/start-database.ts';

/** What outlives a deployment: the desk file and the database engine, with all that is in them. */
export interface Ground {
  readonly file: DatabaseSync;
  readonly state: LocalState;
  readonly database: Database;
  close(): Promise<void>;
}

/** @throws when the folder is in use by another desk, or when no database engine can be had (the message says what to do). */
export const openGround = async (
  dataDir: string | null,
  log: (message: string) => void = (message) => console.error(message),
): Promise<Ground> => {
  const file = openDeskFile(dataDir);
  try {
    const database = await startDatabase({ dataDir, log });
    const close = async (): Promise<void> => {
      await database.stop();
      file.close();
    };
    return { file, state: localState(file), database, close };
  } catch (error) {
    file.close();
    throw error;
  }
};
