import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { AssemblyError } from './assembly-error.ts';
import { type Stack, templateSchema } from './template.ts';

/** Where a stack says `unknown-account` or `unknown-region`, it runs here. */
const anyAccount = '000000000000';
const anyRegion = 'us-east-1';

const artifactSchema = z.object({
  type: z.string(),
  environment: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  properties: z
    .object({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      file: z.string().optional(),
      directoryName: z.string().optional(),
    })
    .default({}),
});
const manifestSchema = z.object({ artifacts: z.record(z.string(), artifactSchema).default({}) });
type Artifact = z.output<typeof artifactSchema>;

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

const readJson = <Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> => {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new AssemblyError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const readAssets = (file: string): ReadonlyMap<string, string> => {
  const assets = new Map<string, string>();
  for (const asset of Object.values(readJson(file, assetsSchema).files)) {
    if (asset.source.path === undefined) continue;
    const path = resolve(dirname(file), asset.source.path);
    for (const destination of Object.values(asset.destinations)) assets.set(destination.objectKey, path);
  }
  return assets;
};

/** Artifact ids so that each comes after what it depends on. */
const inDependencyOrder = (artifacts: Readonly<Record<string, Artifact>>): readonly string[] => {
  const ordered = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (ordered.has(id)) return;
    if (path.includes(id)) throw new AssemblyError(`the artifacts depend on each other: ${[...path, id].join(' -> ')}`);
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency, [...path, id]);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id, []);
  return [...ordered];
};

const readStack = (
  directory: string,
  id: string,
  artifact: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): Stack => {
  const { templateFile, stackName } = artifact.properties;
  if (templateFile === undefined)
    throw new AssemblyError(`${join(directory, 'manifest.json')}: stack ${id} names no templateFile`);
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  const assets = new Map<string, string>();
  for (const dependency of artifact.dependencies) {
    const { type, properties } = artifacts[dependency] ?? { type: '', properties: {} };
    if (type !== 'cdk:asset-manifest' || properties.file === undefined) continue;
    for (const [key, path] of readAssets(join(directory, properties.file))) assets.set(key, path);
  }
  return {
    name: stackName ?? id,
    account: account === undefined || account === 'unknown-account' ? anyAccount : account,
    region: region === undefined || region === 'unknown-region' ? anyRegion : region,
    template: readJson(join(directory, templateFile), templateSchema),
    assets,
  };
};

/**
 * Reads a cloud assembly (`cdk synth`'s output): every stack, also of nested stages, in dependency order.
 * @throws AssemblyError when the folder is no assembly.
 */
export const readStacks = (directory: string): readonly Stack[] => {
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) throw new AssemblyError(`${directory} is no cloud assembly: it has no manifest.json`);
  const { artifacts } = readJson(file, manifestSchema);
  return inDependencyOrder(artifacts).flatMap((id) => {
    const artifact = artifacts[id];
    if (artifact?.type === 'aws:cloudformation:stack') return [readStack(directory, id, artifact, artifacts)];
    if (artifact?.type === 'cdk:cloud-assembly' && artifact.properties.directoryName !== undefined) {
      return readStacks(join(directory, artifact.properties.directoryName));
    }
    return [];
  });
};
