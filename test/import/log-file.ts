import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../bin/import/main.ts';

export const REAL_LOG = join(import.meta.dirname, '../data/incident_event_log.csv');

const DEFAULTS = {
  number: 'INC1',
  incident_state: 'New',
  sys_mod_count: '0',
  caller_id: 'Caller 1',
  opened_at: '29-02-2016 01:16',
  sys_updated_at: '29-02-2016 01:23',
  contact_type: 'Phone',
  location: 'Location 1',
  category: 'Category 55',
  subcategory: 'Subcategory 170',
  u_symptom: 'Symptom 72',
  priority: '3 - Moderate',
  assignment_group: 'Group 56',
  assigned_to: '?',
};
export type Cells = Partial<typeof DEFAULTS>;

export const HEADER = Object.keys(DEFAULTS).join(',');

/** One CSV row; what is not named is an ordinary value. */
export const row = (cells: Cells = {}): string => Object.values({ ...DEFAULTS, ...cells }).join(',');

/** Writes a log into a directory of its own and answers its path. */
export const logFile = (...lines: string[]): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'csd-import-')), 'log.csv');
  writeFileSync(file, lines.join('\n'));
  return file;
};

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command in this process, on captured output. */
export const runImport = async (...args: string[]): Promise<Run> => {
  const run = { code: -1, stdout: '', stderr: '' };
  run.code = await main(['--format', 'servicenow-log', ...args], {
    env: {},
    stdout: {
      write: (text) => {
        run.stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        run.stderr += text;
      },
    },
  });
  return run;
};
