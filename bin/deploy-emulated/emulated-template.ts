import * as z from 'zod';

const resourceSchema = z.looseObject({
  Type: z.string(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});
const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.unknown()).optional(),
});

export interface TakenOut {
  readonly id: string;
  readonly type: string;
  /** The resource without which this one cannot be; null when its own type is the reason. */
  readonly because: string | null;
}

/** Logical ids that a part of a template names: by Ref, Fn::GetAtt, or `${Id}` and `${Id.Attribute}` in Fn::Sub. */
const namedIn = (part: unknown): readonly string[] => {
  if (Array.isArray(part)) return part.flatMap(namedIn);
  if (part === null || typeof part !== 'object') return [];
  return Object.entries(part).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'Ref' && typeof value === 'string') return [value];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(value) ? value[0] : value).split('.')[0] ?? ''];
    if (key !== 'Fn::Sub') return namedIn(value);
    const text = String(Array.isArray(value) ? value[0] : value);
    const inText = [...text.matchAll(/\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}/g)].flatMap(([, id]) =>
      id === undefined ? [] : [id],
    );
    return [...inText, ...(Array.isArray(value) ? namedIn(value.slice(1)) : [])];
  });
};

/**
 * A template without the resources that an emulator does not know, without what cannot be without them, and without the
 * outputs and orders that name them. What is left is as it was.
 */
export const withoutTypes = (
  template: unknown,
  unknown: ReadonlySet<string>,
): { readonly template: unknown; readonly takenOut: readonly TakenOut[] } => {
  const whole = templateSchema.parse(template);
  const takenOut = new Map<string, TakenOut>();
  for (const [id, { Type }] of Object.entries(whole.Resources)) {
    if (unknown.has(Type)) takenOut.set(id, { id, type: Type, because: null });
  }
  for (let before = -1; before !== takenOut.size; ) {
    before = takenOut.size;
    for (const [id, { DependsOn: _order, ...resource }] of Object.entries(whole.Resources)) {
      const because = namedIn(resource).find((name) => takenOut.has(name));
      if (because !== undefined && !takenOut.has(id)) takenOut.set(id, { id, type: resource.Type, because });
    }
  }
  const kept = Object.entries(whole.Resources).filter(([id]) => !takenOut.has(id));
  const Resources = Object.fromEntries(
    kept.map(([id, { DependsOn, ...resource }]) => {
      const order = [DependsOn ?? []].flat().filter((name) => !takenOut.has(name));
      return [id, { ...resource, ...(order.length === 0 ? {} : { DependsOn: order }) }];
    }),
  );
  const Outputs = Object.entries(whole.Outputs ?? {}).filter(
    ([, output]) => !namedIn(output).some((name) => takenOut.has(name)),
  );
  return {
    template: { ...whole, Resources, ...(Outputs.length === 0 ? {} : { Outputs: Object.fromEntries(Outputs) }) },
    takenOut: [...takenOut.values()],
  };
};

/** Every resource type of a template, once. */
export const typesOf = (template: unknown): readonly string[] => [
  ...new Set(Object.values(templateSchema.parse(template).Resources).map(({ Type }) => Type)),
];
