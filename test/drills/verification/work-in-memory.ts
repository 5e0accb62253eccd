import type { ManifestArchive } from '../../../functions/drills/verification/manifest-writer.ts';
import type { WorkFiles } from '../../../functions/drills/verification/work-store.ts';

/** Both buckets, as maps. */
export class Files implements WorkFiles, ManifestArchive {
  readonly kept = new Map<string, string>();
  reads = 0;

  async put(name: string, text: string): Promise<void> {
    this.kept.set(name, text);
  }

  async get(name: string): Promise<string | null> {
    this.reads += 1;
    return this.kept.get(name) ?? null;
  }

  async keep(name: string, text: string): Promise<string> {
    if (!this.kept.has(name)) this.kept.set(name, text);
    return this.kept.get(name)!;
  }

  read(name: string): Promise<string | null> {
    return this.get(name);
  }

  async names(prefix: string): Promise<readonly string[]> {
    return [...this.kept.keys()].filter((name) => name.startsWith(prefix)).sort();
  }
}
