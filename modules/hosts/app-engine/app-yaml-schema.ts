/**
 * What `app.yaml` may say for the standard environment with Python 3, after
 * https://docs.cloud.google.com/appengine/docs/standard/reference/app-yaml, with the forms that Google's own reader takes
 * (google/appengine/api/appinfo.py of https://pypi.org/project/appengine-python-standard/ 3.1.0).
 */
import { z } from "zod";

const count = z.int().min(0);
const duration = z.string().regex(/^\s*\d+[DdHhMmSs]?(\s+\d+[DdHhMmSs]?)*\s*$/);
const latency = z.string().regex(/^(\d+((\.\d{1,3})?s|ms)|automatic)$/);
/** Names that begin with GAE are the system's. */
const variables = z.record(z.string().regex(/^(?!GAE)[a-zA-Z_][a-zA-Z0-9_]*$/), z.string());
const url = z.string().regex(/^(?!\^)\/.*(?<!\$)$/);
const secure = z.enum(["always", "never", "optional"]);
const redirect = z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307)]);

const staticFile = {
  url,
  secure: secure.optional(),
  redirect_http_response_code: redirect.optional(),
  expiration: duration.optional(),
  http_headers: z.record(z.string(), z.string()).optional(),
  mime_type: z.string().optional(),
  application_readable: z.boolean().optional(),
  require_matching_file: z.boolean().optional(),
};

const handler = z.union([
  z.strictObject({ ...staticFile, static_dir: z.string().min(1) }),
  z.strictObject({ ...staticFile, static_files: z.string().min(1), upload: z.string().min(1) }),
  z.strictObject({
    url,
    script: z.literal("auto"),
    secure: secure.optional(),
    redirect_http_response_code: redirect.optional(),
  }),
]);

const automaticScaling = z.strictObject({
  min_instances: count.optional(),
  max_instances: count.optional(),
  min_idle_instances: count.optional(),
  max_idle_instances: count.optional(),
  target_cpu_utilization: z.number().min(0.5).max(0.95).optional(),
  target_throughput_utilization: z.number().min(0.5).max(0.95).optional(),
  max_concurrent_requests: z.int().min(1).max(1000).optional(),
  min_pending_latency: latency.optional(),
  max_pending_latency: latency.optional(),
});

export const APP_YAML = z.strictObject({
  runtime: z.string().regex(/^python3\d+$/),
  service: z
    .string()
    .regex(/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/)
    .optional(),
  entrypoint: z.string().optional(),
  instance_class: z.enum(["F1", "F2", "F4", "F4_1G"]).optional(),
  automatic_scaling: automaticScaling.optional(),
  app_engine_apis: z.boolean().optional(),
  build_env_variables: variables.optional(),
  env_variables: variables.optional(),
  default_expiration: duration.optional(),
  error_handlers: z
    .array(
      z.strictObject({
        file: z.string(),
        error_code: z.enum(["default", "over_quota", "timeout"]).optional(),
        mime_type: z.string().optional(),
      }),
    )
    .optional(),
  inbound_services: z.array(z.enum(["mail", "mail_bounce", "warmup"])).optional(),
  service_account: z.string().optional(),
  vpc_access_connector: z
    .strictObject({
      name: z.string().regex(/^[A-Za-z\d_-]+(\/.+)*$/),
      egress_setting: z.enum(["all-traffic", "private-ranges-only"]).optional(),
    })
    .optional(),
  handlers: z.array(handler).optional(),
});

export type AppYaml = z.infer<typeof APP_YAML>;
