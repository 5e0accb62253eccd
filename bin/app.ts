import { join } from 'node:path';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { cloudServiceDesk } from '../lib/cloud-service-desk.ts';
import { bundleFunctions, withoutBundles } from '../lib/constructs/bundles.ts';
import { StageParameters } from '../lib/constructs/parameters.ts';
import { featureFlags } from '../lib/feature-flags.ts';
import { stageConfig } from '../lib/stage-config.ts';

const app = new App({ analyticsReporting: false, context: featureFlags });
const config = stageConfig(
  app.node.tryGetContext('stage') ?? process.env.STAGE ?? 'dev',
  app.node.tryGetContext('overrides'),
);
const bundled = app.node.tryGetContext('bundle') !== 'off';

cloudServiceDesk(app, {
  config,
  parameters: new StageParameters(config.stage),
  bundles: bundled ? bundleFunctions(join(app.outdir, 'bundles')) : withoutBundles,
  removalPolicy: config.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
});
app.synth();
