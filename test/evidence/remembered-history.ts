import { pageHeaderSchema } from '../../functions/evidence/domain/digest-page.ts';
import type { DigestPorts, DigestProgress } from '../../functions/evidence/use-cases/write-digest.ts';
import type { HistoryProblem, VerifyPorts } from '../../functions/evidence/use-cases/verify-history.ts';
import { chainHash, payloadDigest, sealEvent, type StoredEvent } from '../../functions/platform/store/event.ts';

export interface Entity {
  readonly key: string;
  changedAt: number;
  events: StoredEvent[];
  head: { version: number; chain: string } | null;
}

export class Killed extends Error {}

/** A table and an archive in memory, with the promises of the real ones: nothing kept is ever replaced. */
export class RememberedHistory {
  now = Date.parse('2026-03-02T00:10:00Z');
  readonly entities = new Map<string, Entity>();
  readonly archive = new Map<string, string>();
  progress: DigestProgress | null = null;
  /** Steps until the run dies. */
  fuse = Infinity;
  readonly pageSize: number;

  constructor(pageSize: number) {
    this.pageSize = pageSize;
  }

  change(id: number, text: string): void {
    const key = `TKT#tkt_${String(id).padStart(3, '0')}`;
    const entity = this.entities.get(key) ?? { key, changedAt: 0, events: [], head: null };
    const version = entity.events.length + 1;
    const draft = {
      type: 'ticket.updated',
      at: new Date(this.now).toISOString(),
      actor: { id: 'agt_1', role: 'agent' as const },
      data: { text },
    };
    const event = sealEvent({ key, kind: 'ticket', id: key }, version, entity.head?.chain ?? '', draft, this.now);
    entity.events.push(event);
    entity.head = { version, chain: event.hash };
    entity.changedAt = this.now;
    this.entities.set(key, entity);
  }

  /** Writes an entity's history anew from an event on, so that it fits in itself: what somebody with all rights would do. */
  rewrite(entity: Entity, from: number, text: string): void {
    let chain = entity.events[from - 2]?.hash ?? '';
    entity.events = entity.events.map((event, index) => {
      if (index + 1 < from) return event;
      const changed = { ...event, data: index + 1 === from ? { text } : event.data };
      const digest = payloadDigest(changed.salt, changed);
      chain = chainHash(chain, changed.version, digest);
      return { ...changed, digest, hash: chain };
    });
    entity.head = { version: entity.events.length, chain };
  }

  digestPorts(): DigestPorts {
    const step = (): void => {
      this.fuse -= 1;
      if (this.fuse < 0) throw new Killed();
    };
    return {
      clock: { now: () => this.now },
      budgetMs: Infinity,
      heads: {
        changed: async (since, from) => {
          step();
          const all = [...this.entities.values()]
            .filter(({ changedAt, key }) => changedAt >= (since === null ? 0 : Date.parse(since)) && key > (from ?? ''))
            .sort((a, b) => (a.key < b.key ? -1 : 1));
          const page = all.slice(0, this.pageSize);
          const marks = page.map(({ key, head }) => ({ key, version: head!.version, chain: head!.chain }));
          return { marks, next: all.length > page.length ? page.at(-1)!.key : null };
        },
      },
      archive: {
        keep: async (name, text) => {
          step();
          const kept = this.archive.get(name) ?? text;
          this.archive.set(name, kept);
          step();
          return kept;
        },
      },
      progress: {
        read: async () => this.progress,
        write: async (progress) => {
          step();
          if ((this.progress?.version ?? 0) !== progress.version - 1) return false;
          this.progress = progress;
          step();
          return true;
        },
      },
    };
  }

  verifyPorts(found: HistoryProblem[]): VerifyPorts {
    const { archive, entities } = this;
    return {
      pages: async function* () {
        for (const name of [...archive.keys()].sort()) yield { name, text: archive.get(name)! };
      },
      newest: async () => this.progress?.previous ?? null,
      history: {
        head: async (key) => {
          const head = entities.get(key)?.head ?? null;
          return head === null ? null : { key, ...head };
        },
        events: async function* (key) {
          yield* entities.get(key)?.events ?? [];
        },
      },
      found: (problem) => void found.push(problem),
    };
  }

  /** The version of each entity that was last written down. */
  writtenDown(): ReadonlyMap<string, number> {
    const versions = new Map<string, number>();
    for (const name of [...this.archive.keys()].sort()) {
      const [header, ...marks] = this.archive
        .get(name)!
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      pageHeaderSchema.parse(header);
      for (const { key, version } of marks) versions.set(key, Math.max(version, versions.get(key) ?? 0));
    }
    return versions;
  }
}
