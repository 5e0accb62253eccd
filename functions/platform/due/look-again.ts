/** How long after its n-th look (from 1) the due index looks after an item again: 1, 2, 4, 8, 15, 15, ... minutes. */
export const lookAgainMs = (look: number): number => Math.min(15, 2 ** (look - 1)) * 60_000;
