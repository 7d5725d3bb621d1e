// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of Terraform
import type { Synthesized } from "../../../scripts/bench/resources.ts";

/** A database and a node that waits for it, in the form of `cdk.tf.json`. */
export const STACK: Synthesized = {
  locals: { instances: "${[]}" },
  resource: {
    docker_image: {
      postgres: { "//": { metadata: {} }, name: "bench/postgres:1", build: { context: "images/postgres" } },
    },
    docker_network: { db: { name: "bench-dev-db", internal: true } },
    docker_volume: { "db-data": { name: "bench-dev-db-data", lifecycle: { prevent_destroy: true } } },
    docker_container: {
      "a-node": {
        image: "${docker_image.postgres.image_id}",
        depends_on: ["docker_container.db"],
        env: ["GREETING=it costs $5"],
        ports: [{ ip: "127.0.0.1", external: 38080, internal: 8080, protocol: "tcp" }],
      },
      db: {
        image: "${docker_image.postgres.image_id}",
        labels: [{ label: "slipway.project", value: "bench" }],
        memory: 512,
        memory_swap: 512,
        shm_size: 128,
        log_driver: "json-file",
        log_opts: { "max-size": "10m" },
        capabilities: { drop: ["ALL"] },
        healthcheck: { test: ["CMD", "health"], interval: "2s", retries: 2 },
        networks_advanced: [{ name: "${docker_network.db.name}", aliases: ["db"] }],
        stop_timeout: 120,
        ulimit: [{ name: "nproc", soft: 512, hard: 512 }],
        upload: [
          { file: "/etc/a.conf", content: "%%{REMOTE_ADDR} $${HOME} %1" },
          { file: "/run/secrets/password", source: "../secret", source_hash: "1", permissions: "0444" },
        ],
        volumes: [
          { volume_name: "${docker_volume.db-data.name}", container_path: "/data", read_only: false },
        ],
      },
    },
  },
};
