import { createHash } from 'node:crypto';

/** The UUID of an event source mapping: Lambda makes it by chance, here it is the same for the same place in the template. */
export const mappingUuid = (id: string): string => {
  const hex = createHash('sha256').update(id).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};
