import type { CheckName, Integrity, IntegrityCheck } from '../domain/integrity.ts';
import type { Manifest } from '../domain/manifest.ts';
import { type CanaryFindings, nextCanary } from './canaries.ts';
import type { Instants } from './compare-partition.ts';
import { type CompareAction, type ComparePosition, countOf, type Tally } from './compare-position.ts';
import type { ScanPosition } from './scan-position.ts';

interface Facts {
  readonly action: CompareAction;
  readonly manifest: Manifest | null;
  readonly position: ComparePosition;
  readonly copy: ScanPosition;
  readonly source: ScanPosition;
  readonly canaries: CanaryFindings;
  readonly instants: Instants;
}

type Found = Omit<IntegrityCheck, 'name'>;
const passed = (detail: string): Found => ({ result: 'passed', detail });
const failed = (detail: string): Found => ({ result: 'failed', detail });
const unknown = (detail: string): Found => ({ result: 'unknown', detail });

/** What all parts together came to. Nothing passes that was not looked at. */
export const integrityOf = (facts: Facts): Integrity => {
  const { action, position, copy, source, canaries } = facts;
  const incomplete = whyIncomplete(facts);
  const own = action.own && incomplete === null;
  const check = (name: CheckName, found: Found): IntegrityCheck => ({ name, ...found });
  const checks: readonly IntegrityCheck[] = [
    check('scan', scanOf(facts, incomplete)),
    check('schema', schemaOf(position)),
    check('canaries', action.own ? canaries : notApplicable),
    check('items', besides(itemsOf(facts), incomplete)),
    check('contents', besides(contentsOf(facts), incomplete)),
    check('chains', action.own ? besides(chainsOf(position), incomplete) : notApplicable),
    check('snapshot', action.own ? besides(snapshotOf(facts), incomplete) : notApplicable),
    check('indexes', besides(indexesOf(facts), incomplete)),
    check('manifest', action.own ? besides(manifestOf(facts), incomplete) : notApplicable),
  ].map(({ name, result, detail }) => ({ name, result, detail }));
  return {
    items: copy.items,
    compared: position.compared,
    missing: countOf(position, 'missing'),
    altered: countOf(position, 'altered'),
    torn: countOf(position, 'torn'),
    checks: [...checks],
    lostRecords: own ? position.lost : null,
    oldestLostAt: own && position.oldestLostAt !== null ? new Date(position.oldestLostAt).toISOString() : null,
    newestCanaryAt: action.own && canaries.newestAt !== null ? new Date(canaries.newestAt).toISOString() : null,
    nextCanaryAt: action.own ? nextCanary(copy.canaries, source.canaries, Date.parse(action.declaredAt)) : null,
  };
};

const notApplicable: Found = { result: 'not_applicable', detail: 'Only the table of the desk says this about itself.' };

/** Why not everything was read and compared; null when it was. */
const whyIncomplete = ({ position, copy, source }: Facts): string | null => {
  if (position.void !== null) return position.void;
  const linesOf = ({ items, rows }: ScanPosition): number => items + rows;
  if (position.copyLines !== linesOf(copy))
    return `${position.copyLines} records of the copy were compared, ${linesOf(copy)} were read`;
  if (position.sourceLines !== linesOf(source))
    return `${position.sourceLines} records of the source were compared, ${linesOf(source)} were read`;
  return null;
};

/** What was found stays found when the comparison is incomplete; what was not found was perhaps not looked at. */
const besides = (found: Found, incomplete: string | null): Found =>
  incomplete === null || found.result === 'failed' ? found : unknown(`Not all was compared: ${incomplete}.`);

const scanOf = ({ position, copy, source }: Facts, incomplete: string | null): Found => {
  if (incomplete !== null) return unknown(`${incomplete}.`);
  if (copy.items === 0) return unknown('The copy is empty.');
  if (position.compared === 0) return unknown('Nothing of the copy could be compared with the source.');
  return passed(
    `${copy.items} items and ${copy.rows} rows of indexes of the copy, ${source.items} items of the source, all read and compared; ${position.compared} are in both.`,
  );
};

const schemaOf = ({ schema }: ComparePosition): Found =>
  schema === null
    ? unknown('The restored table was not looked at.')
    : schema.length === 0
      ? passed('Keys and indexes are those of the source.')
      : failed(`${schema.join('; ')}.`);

const named = (what: string, { count, samples }: Tally): string =>
  `${count} ${what}: ${samples.join('; ')}${count > samples.length ? '; ...' : ''}`;

const itemsOf = (facts: Facts): Found => {
  const { action, position, copy, instants } = facts;
  const { missing, foreign } = position.faults;
  const wrong = [
    ...(missing.count === 0 ? [] : [named('missing', missing)]),
    ...(foreign.count === 0 ? [] : [named('that the source has not', foreign)]),
  ];
  if (wrong.length > 0) {
    // What expires goes by itself, also from a table to which nobody writes.
    const proven = missing.count > 0 || action.own || action.source.ttl === null;
    return differing(facts, `${wrong.join('. ')}.`, proven);
  }
  if (copy.items === 0) return unknown('The copy is empty.');
  if (!action.own) return passed('Every item is in both, and no other.');
  const certain = new Date(instants.certainAt).toISOString();
  return passed(
    `Nothing recorded until ${certain} is missing, nothing foreign is there; ${position.lost} events of after it are lost, ${position.explained} items were worked on since.`,
  );
};

/**
 * Nothing in another table tells whether it was changed since, so a difference proves something only with the word of whoever asked
 * that it is at rest, and as long as nothing is seen to move.
 */
const differing = ({ action, position }: Facts, detail: string, proven = true): Found => {
  if (action.own) return failed(detail);
  if (!action.atRest || !proven)
    return unknown(`${detail} Nothing tells whether that was changed since the copy was made.`);
  return position.moved === 0
    ? failed(
        `${detail} Nobody has written to the table since the copy was made, by the word of whoever asked for the drill.`,
      )
    : unknown(`${detail} The table is not at rest, as was said: it changed while it was read.`);
};

const contentsOf = (facts: Facts): Found => {
  const { action, position } = facts;
  const { altered, unchecked } = position.faults;
  if (altered.count > 0) return differing(facts, `${named('altered', altered)}.`);
  if (unchecked.count > 0) return unknown(`${named('changed since, and cannot be checked', unchecked)}.`);
  if (position.compared === 0) return unknown('Nothing was compared.');
  if (!action.own) return passed(`${position.compared} items compared, all that each of them holds: the same in both.`);
  return passed(`${position.compared} items compared; ${position.explained} differ since the source was worked on.`);
};

const chainsOf = ({ faults: { broken, torn }, entities }: ComparePosition): Found => {
  const wrong = [
    ...(broken.count === 0 ? [] : [named('breaks', broken)]),
    ...(torn.count === 0 ? [] : [named('torn', torn)]),
  ];
  if (wrong.length > 0) return failed(`${wrong.join('. ')}.`);
  if (entities === 0) return unknown('The copy has no history.');
  return passed(`${entities} histories are complete from their first event to their head.`);
};

const snapshotOf = ({ position, canaries, copy }: Facts): Found => {
  const { torn } = position.faults;
  const wrong = [
    ...(canaries.spread === null ? [] : [canaries.spread]),
    ...(torn.count === 0 ? [] : [named('entities are of two instants', torn)]),
  ];
  if (wrong.length > 0) return failed(`${wrong.join('. ')}.`);
  if (copy.items === 0 || position.entities === 0) return unknown('The copy has no history.');
  if (canaries.newestAt === null) return unknown('Heads and events agree, but there is no canary.');
  return passed('Heads, events and canaries are of one instant.');
};

const indexesOf = ({ action, position, copy }: Facts): Found => {
  if (position.faults.index.count > 0) return failed(`${named('wrong', position.faults.index)}.`);
  if (copy.items === 0) return unknown('The copy is empty.');
  if (action.source.indexes.length === 0) return { result: 'not_applicable', detail: 'The table has no index.' };
  return passed(`${action.source.indexes.length} indexes have exactly the ${copy.rows} rows of their items.`);
};

const manifestOf = ({ action, manifest, position }: Facts): Found => {
  if (action.manifest === null) return unknown('There is no manifest of before the recovery point.');
  if (manifest === null)
    return unknown(`The manifest ${action.manifest.name} cannot be read, or is not the one that was kept.`);
  const { shards, shardsCompared } = position;
  if (shards.count > 0) return failed(`As of ${manifest.asOf}, ${named('shards differ', shards)}.`);
  if (manifest.events === 0) return unknown('The manifest counted no event.');
  return passed(
    `The ${manifest.events} events of ${manifest.entities} entities that were counted as of ${manifest.asOf} are there (${shardsCompared} shards).`,
  );
};
