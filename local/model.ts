/**
 * What the local desk knows of the cloud: a plain picture of the synthesized templates, with every intrinsic function
 * resolved. `assembly/` makes it, everything else in `local/` runs from it and from nothing else, so that a change of
 * the template is a change of the local desk.
 */

/** One IAM statement as it stands in a role's policies, its resources resolved to ARNs. */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator -> key -> values, as in the policy; empty when the statement is unconditional. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface RoleModel {
  readonly id: string;
  readonly arn: string;
  readonly statements: readonly PolicyStatement[];
}

export interface FunctionModel {
  /** `<stack>/<logical id>`: unique over all stacks. */
  readonly id: string;
  /** Short name, the entrypoint's: `http-desk`. */
  readonly name: string;
  readonly arn: string;
  /** Folder of the bundle in the assembly (unpacked asset). */
  readonly codeDir: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly roleId: string;
  readonly reservedConcurrency: number | null;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface TableModel {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** Null when the table has no stream. */
  readonly streamArn: string | null;
  readonly streamViewType: string | null;
  readonly attributes: readonly KeyAttribute[];
  readonly partitionKey: string;
  readonly sortKey: string | null;
  readonly indexes: readonly {
    readonly name: string;
    readonly partitionKey: string;
    readonly sortKey: string | null;
    readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly nonKeyAttributes: readonly string[];
  }[];
  readonly ttlAttribute: string | null;
  /** How the table is protected, where the template says anything of it. */
  readonly protection?: TableProtection;
  /** Takes the place of one of the template's, which does not make it. */
  readonly adopted?: boolean;
}

export interface TableProtection {
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Null: a key that AWS owns. */
  readonly kmsKeyArn: string | null;
}

export interface QueueModel {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly delaySeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | null;
}

export interface TopicModel {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
}

export interface TopicSubscriptionModel {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Filter policy on message attributes; null lets everything through. */
  readonly filterPolicy: Readonly<Record<string, unknown>> | null;
}

export interface BucketModel {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly versioned: boolean;
  readonly objectLock: boolean;
  /** What locks an object that says nothing itself. */
  readonly defaultRetention: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number } | null;
}

export interface ParameterModel {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
}

export interface EventSourceModel {
  readonly id: string;
  readonly functionId: string;
  readonly kind: 'stream' | 'queue';
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Event patterns; a record passes when one of them matches. Empty lets everything through. */
  readonly filters: readonly unknown[];
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST' | null;
  readonly bisectOnError: boolean;
  /** -1 = until the record expires. */
  readonly maximumRetries: number;
  readonly maximumRecordAgeSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly onFailureArn: string | null;
  readonly maximumConcurrency: number | null;
}

export interface ScheduleModel {
  readonly id: string;
  readonly name: string;
  /** `rate(1 minute)` or `cron(...)`. */
  readonly expression: string;
  readonly timezone: string;
  readonly targetFunctionId: string;
  readonly input: string;
  readonly enabled: boolean;
  readonly retryAttempts: number;
}

/** A rule of EventBridge on events of a service, as far as its targets are queues. */
export interface EventRuleModel {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly pattern: unknown;
  readonly targets: readonly EventTargetModel[];
}

export interface EventTargetModel {
  readonly queueArn: string;
  /** What is sent instead of the event; null sends the event. */
  readonly input:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'template'; readonly paths: Readonly<Record<string, string>>; readonly template: string }
    | null;
}

export interface BackupVaultModel {
  readonly name: string;
  readonly arn: string;
  readonly kmsKeyArn: string | null;
}

/** One rule of a backup plan, with what its plan selects. */
export interface BackupRuleModel {
  readonly id: string;
  readonly name: string;
  readonly planId: string;
  readonly planArn: string;
  readonly planName: string;
  readonly vaultName: string;
  readonly expression: string;
  readonly timezone: string;
  readonly deleteAfterDays: number | null;
  readonly selections: readonly BackupSelectionModel[];
}

export interface BackupSelectionModel {
  readonly roleArn: string;
  /** ARNs, with wildcards. */
  readonly resources: readonly string[];
  /** Left out, whatever else selects them. */
  readonly notResources: readonly string[];
  /** Of what `resources` names, only what has all of these tags is selected. */
  readonly conditions: readonly { readonly key: string; readonly value: string }[];
  /** A resource is also selected when it has one of these tags. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export interface BackupModel {
  readonly vaults: readonly BackupVaultModel[];
  readonly rules: readonly BackupRuleModel[];
}

export interface RouteModel {
  /** `ANY /v1/tickets/{proxy+}` */
  readonly routeKey: string;
  readonly functionId: string;
  readonly authorized: boolean;
  readonly scopes: readonly string[];
}

export interface ApiModel {
  readonly id: string;
  readonly routes: readonly RouteModel[];
  readonly authorizer: { readonly issuer: string; readonly audience: readonly string[] } | null;
  readonly cors: {
    readonly allowOrigins: readonly string[];
    readonly allowMethods: readonly string[];
    readonly allowHeaders: readonly string[];
    readonly exposeHeaders: readonly string[];
    readonly maxAgeSeconds: number | null;
  } | null;
}

export interface MetricModel {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface AlarmModel {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly metric: MetricModel;
  readonly statistic: 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison:
    | 'GreaterThanThreshold'
    | 'GreaterThanOrEqualToThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold';
  readonly threshold: number;
  readonly missingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  /** Topics that hear of a change to ALARM, and of one to OK. */
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
}

export interface CloudModel {
  readonly region: string;
  readonly accountId: string;
  readonly functions: readonly FunctionModel[];
  readonly roles: readonly RoleModel[];
  /** Somebody with an operator's permissions and no others. */
  readonly operator: RoleModel;
  readonly tables: readonly TableModel[];
  readonly queues: readonly QueueModel[];
  readonly topics: readonly TopicModel[];
  readonly topicSubscriptions: readonly TopicSubscriptionModel[];
  readonly buckets: readonly BucketModel[];
  readonly parameters: readonly ParameterModel[];
  readonly eventSources: readonly EventSourceModel[];
  readonly schedules: readonly ScheduleModel[];
  readonly eventRules: readonly EventRuleModel[];
  readonly backup: BackupModel;
  readonly alarms: readonly AlarmModel[];
  readonly api: ApiModel;
}
