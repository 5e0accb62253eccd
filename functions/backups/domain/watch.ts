import * as z from 'zod';

/** What the watch notices: each lasts until it is right again, and is told once while it lasts. */
export const episodeKinds = ['backup.stale', 'backup.missed', 'backup.settings', 'drill.leftover'] as const;
export type EpisodeKind = (typeof episodeKinds)[number];

/** What is wrong with one thing that is watched: a table, the region, a scratch table. */
export const watchSchema = z.object({
  id: z.string(),
  /** Since when each is wrong; what is right is not there. */
  episodes: z.partialRecord(z.enum(episodeKinds), z.string()),
  version: z.number().int(),
  updatedAt: z.string(),
});
export type Watch = z.infer<typeof watchSchema>;

export const unwatched = (id: string): Watch => ({ id, episodes: {}, version: 0, updatedAt: '' });

export const withEpisode = (watch: Watch, kind: EpisodeKind, since: string | null, at: string): Watch => {
  const { [kind]: _before, ...others } = watch.episodes;
  return { ...watch, episodes: since === null ? others : { ...others, [kind]: since }, updatedAt: at };
};
