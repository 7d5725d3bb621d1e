// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the content of a file
import { expect, test } from "vitest";
import { composeProject } from "../../../scripts/bench/compose-file.ts";
import { STACK } from "./stack.ts";

const { text, files } = composeProject(STACK);
const compose = JSON.parse(text);
const { db } = compose.services;

test("takes over image, limits, health check, end and log", () => {
  expect(db).toMatchObject({
    image: "bench/postgres:1",
    mem_limit: "512m",
    memswap_limit: "512m",
    shm_size: "128m",
    ulimits: { nproc: { soft: 512, hard: 512 } },
    cap_drop: ["ALL"],
    healthcheck: { test: ["CMD", "health"], interval: "2s", retries: 2 },
    stop_grace_period: "120s",
    logging: { driver: "json-file", options: { "max-size": "10m" } },
  });
});

test("waits for the health of what a container depends on", () => {
  expect(compose.services["a-node"].depends_on).toEqual({ db: { condition: "service_healthy" } });
});

test("publishes on the same address", () => {
  expect(compose.services["a-node"].ports).toEqual(["127.0.0.1:38080:8080/tcp"]);
});

test("uses the volumes of the stack and networks of its own", () => {
  expect(compose.volumes).toEqual({ "db-data": { external: { name: "bench-dev-db-data" } } });
  expect(compose.networks).toEqual({ db: { internal: true } });
  expect(db.networks).toEqual({ db: { aliases: ["db"] } });
});

test("mounts files, with the escapes of Terraform taken back", () => {
  expect(db.volumes).toEqual([
    "db-data:/data:rw",
    "./files/db/0:/etc/a.conf:ro",
    "./files/db/1:/run/secrets/password:ro",
  ]);
  expect(files).toEqual([
    { path: "files/db/0", from: { content: "%{REMOTE_ADDR} ${HOME} %1" } },
    { path: "files/db/1", from: { file: "../secret" } },
  ]);
});

test("keeps dollar signs from being variables", () => {
  expect(compose.services["a-node"].environment).toEqual(["GREETING=it costs $$5"]);
});

test("has no label by which a plan would take the containers for its own", () => {
  expect(text).not.toContain("slipway.");
});
