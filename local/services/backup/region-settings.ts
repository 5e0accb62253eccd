import * as z from 'zod';
import type { LocalState } from '../../state/local-state.ts';
import { invalidRequest } from './backup-error.ts';

const preferences = z.object({
  ResourceTypeOptInPreference: z.record(z.string(), z.boolean()),
  ResourceTypeManagementPreference: z.record(z.string(), z.boolean()),
});

/** As an account is that opened recently. */
const usual: z.output<typeof preferences> = {
  ResourceTypeOptInPreference: { DynamoDB: true },
  ResourceTypeManagementPreference: { DynamoDB: true },
};
const key = 'backup region settings';

/** Which services AWS Backup backs up in this region, and whose recovery points it manages itself. */
export class RegionSettings {
  readonly #state: LocalState;

  constructor(state: LocalState) {
    this.#state = state;
  }

  read(): z.output<typeof preferences> {
    const kept = this.#state.get(key);
    return kept === null ? usual : preferences.parse(JSON.parse(kept));
  }

  change(
    change: { readonly [Name in keyof z.output<typeof preferences>]?: Record<string, boolean> | undefined },
  ): Record<string, never> {
    const before = this.read();
    const after = {
      ResourceTypeOptInPreference: { ...before.ResourceTypeOptInPreference, ...change.ResourceTypeOptInPreference },
      ResourceTypeManagementPreference: {
        ...before.ResourceTypeManagementPreference,
        ...change.ResourceTypeManagementPreference,
      },
    };
    this.#state.set(key, JSON.stringify(after));
    return {};
  }

  get managed(): boolean {
    return this.read().ResourceTypeManagementPreference['DynamoDB'] === true;
  }

  /** @throws ServiceError when tables are not backed up at all. */
  requireOptIn(): void {
    if (this.read().ResourceTypeOptInPreference['DynamoDB'] !== true)
      throw invalidRequest('AWS Backup is not opted in to DynamoDB in this region');
  }
}
