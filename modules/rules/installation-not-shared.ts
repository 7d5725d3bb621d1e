import { within } from "../storage/storage.ts";
import type { Rule } from "./rule.ts";

/** Folders of an installation of web2py or py4web that hold code, or all of it. */
const CODE = new Set([
  ...["applications", "apps", "app", "web2py", "py4web", "gluon", "site-packages", "venv"],
  ...["controllers", "languages", "models", "modules", "static", "templates", "views"],
]);
/** Where an image has its code, and what runs it. */
const INSTALLED = ["/srv/app", "/srv/venv", "/opt/slipway"];

export const installationNotShared: Rule = {
  id: "installation-not-shared",
  statement: "Shared folders hold what applications write, and never their code.",
  source:
    "recipe 12: every import of every module would cross the network; known failure: one bad file, and all nodes are down",
  check: ({ sharedFolders, workloads }) => [
    ...sharedFolders.flatMap(({ path, folders }) =>
      folders
        .filter((folder) => CODE.has(folder))
        .map((folder) => ({
          path,
          got: `a shared folder ${folder}, which is code`,
          allowed: "folders that applications write to, such as sessions, errors, uploads and cache",
          fix: `Leave ${folder} out of folders: the image has the code, and a release changes it.`,
        })),
    ),
    ...workloads
      // An edge may have an application within it.
      .filter(({ workload }) => ["app", "job", "edge"].includes(workload.role))
      .flatMap(({ path, workload }) =>
        workload.volumes
          .filter((mount) => INSTALLED.some((code) => within(code, mount.path) || within(mount.path, code)))
          .map((mount) => ({
            path,
            got: `${mount.volume.name} mounted at ${mount.path}, over the code`,
            allowed: "code from the image, which is the same on every node of a release",
            fix: "Remove the mount, and use SharedFolders for what the application writes.",
          })),
      ),
  ],
};
