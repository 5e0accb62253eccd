import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../platform/clock.ts';
import type { Action, Observation } from '../domain/action.ts';
import { compareSlice } from './compare.ts';
import { manifestOf, manifestSlice, newestManifest, type ManifestArchive } from './manifest-writer.ts';
import { type Pages, TablePages } from './pages.ts';
import { scanSlice } from './scan.ts';
import type { WorkFiles } from './work-store.ts';

type Of<Name extends Action['do']> = Extract<Action, { do: Name }>;
type Answer<Name extends Observation['of']> = Exclude<Extract<Observation, { of: Name }>, { trouble: unknown }>;

/**
 * Proves that a restored table is what its source was, every item. Each method works for a while and tells how far it came;
 * what it throws is for whoever called to tell as a trouble, and it may be called again with the progress that it had.
 */
export class Verifier {
  readonly #client: DynamoDBDocumentClient;
  readonly #pages: Pages;
  readonly #work: WorkFiles;
  readonly #archive: ManifestArchive;
  readonly #clock: Clock;
  readonly #pageItems: number | null;

  constructor(options: {
    readonly client: DynamoDBDocumentClient;
    /** Where records of scans lie for some days. */
    readonly work: WorkFiles;
    /** Where manifests are kept. */
    readonly archive: ManifestArchive;
    readonly clock: Clock;
    /** How tables are read; by the client when left out. */
    readonly pages?: Pages;
    /** Items a page at most; as many as fit when left out. */
    readonly pageItems?: number;
  }) {
    this.#client = options.client;
    this.#pages = options.pages ?? new TablePages(options.client);
    this.#work = options.work;
    this.#archive = options.archive;
    this.#clock = options.clock;
    this.#pageItems = options.pageItems ?? null;
  }

  async scan(action: Of<'scan'>, until: number): Promise<Answer<'scan'>> {
    return { of: 'scan', side: action.side, progress: await scanSlice(this.#scanPorts(), action, until) };
  }

  async compare(action: Of<'compare'>, until: number): Promise<Answer<'compare'>> {
    const manifest = action.manifest === null ? null : await manifestOf(this.#archive, action.manifest);
    const ports = { ...this.#scanPorts(), client: this.#client };
    return { of: 'compare', ...(await compareSlice(ports, action, manifest, until)) };
  }

  async writeManifest(action: Of<'write-manifest'>, until: number): Promise<Answer<'write-manifest'>> {
    const ports = { ...this.#scanPorts(), archive: this.#archive };
    return { of: 'write-manifest', ...(await manifestSlice(ports, action, until)) };
  }

  async findManifest(action: Of<'find-manifest'>): Promise<Answer<'find-manifest'>> {
    return { of: 'find-manifest', manifest: await newestManifest(this.#archive, action.tableName, action.before) };
  }

  #scanPorts() {
    return { pages: this.#pages, files: this.#work, clock: this.#clock, pageItems: this.#pageItems };
  }
}
