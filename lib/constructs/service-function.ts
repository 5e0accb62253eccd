import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Alias,
  type IFunction,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import * as z from 'zod';
import type { environments, FunctionName } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageContext } from '../stage-context.ts';

/** What the function's environment schema asks for, but for what every function gets anyway. */
export type FunctionEnvironment<Name extends FunctionName> = Omit<
  z.input<(typeof environments)[Name]>,
  'STAGE' | 'LOG_LEVEL'
>;

export interface ServiceFunctionProps<Name extends FunctionName> {
  readonly name: Name;
  readonly context: StageContext;
  readonly environment: FunctionEnvironment<Name>;
}

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Left out: the statement holds always. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Deployed name of a function; alarms and dashboards of other stacks find it by this. */
export const functionNameOf = (stage: string, name: FunctionName): string => `cloud-service-desk-${stage}-${name}`;

/** An alias is a function to every construct; the compiler does not see it, for an alias may say that its role is undefined. */
const isFunction = (candidate: unknown): candidate is IFunction => candidate instanceof Alias;

const callable = (alias: unknown): IFunction => {
  if (isFunction(alias)) return alias;
  throw new TypeError(`not an alias of a function: ${String(alias)}`);
};

/**
 * One Lambda of the service: its bundle, its own role that at first may only write its log and its traces, its log group with
 * the stage's retention, and an environment that its schema types. Grants come from the constructs that own the resources.
 *
 * Every trigger calls the alias `live`, which a deployment points at the version that it publishes; the versions before stay, so
 * that the alias can be pointed back without a deployment (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html).
 */
export class ServiceFunction<Name extends FunctionName = FunctionName> extends Construct {
  readonly name: Name;
  /** Name of the function, known to the stack that makes it. */
  readonly functionName: string;
  readonly alias = 'live';
  /** What triggers call. */
  readonly live: IFunction;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Name>) {
    super(scope, id);
    const { name, context } = props;
    const { config } = context;
    const profile = functionCatalogue[name];
    this.name = name;

    const logGroup = new LogGroup(this, 'Log', {
      retention: config.logRetentionDays,
      removalPolicy: context.removalPolicy,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} may do, and nothing else`,
    });
    const reserved = config.reservedConcurrency[name];
    const lambda = new LambdaFunction(this, 'Function', {
      functionName: functionNameOf(config.stage, name),
      description: `When it fails: ${profile.costOfFailure}`,
      code: context.bundles.codeOf(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: config.memoryMegabytes[name] ?? profile.memoryMegabytes,
      timeout: Duration.seconds(profile.timeoutSeconds),
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      environment: z
        .record(z.string(), z.string())
        .parse({ ...props.environment, STAGE: config.stage, LOG_LEVEL: config.logLevel }),
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    });
    // A version is published when what this template says of the function has changed, and a table's name is only a parameter in it.
    if (config.operationsTable !== null) lambda.invalidateVersionBasedOn(config.operationsTable.name);
    this.functionName = lambda.functionName;
    this.live = callable(lambda.addAlias(this.alias));
    // The ARN of a log group ends in `:*`, which stands for its streams.
    this.allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });
  }

  /** Adds a permission to the function's own role. Called by the grants of resource constructs, which know what is needed. */
  allow({ actions, resources, conditions }: Permission): void {
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
  }
}
