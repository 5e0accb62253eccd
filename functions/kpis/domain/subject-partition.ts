/** The entities whose events contribute to KPIs, by the prefix of their ids: the one place that knows where each lies. */
const partitions = { tkt: 'TKT', drl: 'DRL' } as const;

/**
 * The partition of an entity that a contribution names as its `ticketId`: `tkt_...` in `TKT#`, `drl_...` in `DRL#`. An id of
 * another form is a ticket's, as all were.
 */
export const partitionOf = (id: string): string => `${id.startsWith('drl_') ? partitions.drl : partitions.tkt}#${id}`;

/** The entity of a partition, or null when no KPI is about such. */
export const entityOf = (partition: string): string | null => {
  const prefix = Object.values(partitions).find((one) => partition.startsWith(`${one}#`));
  return prefix === undefined ? null : partition.slice(prefix.length + 1);
};

/** Whether this is the head of an entity that contributes. */
export const isContributor = ({ PK, SK }: { readonly PK: string; readonly SK: string }): boolean =>
  (PK.startsWith(`${partitions.tkt}#`) && SK === 'T') || (PK.startsWith(`${partitions.drl}#`) && SK === 'H');
