import { digestOf, type ExportedFile } from "../export/exported-file.ts";
import type { PlacedApp } from "../export/placed-app.ts";
import { type Places, relocated } from "../export/relocation.ts";

/** Folders that each release has of its own; what applications write to is beside the releases. */
const OF_A_RELEASE = ["app", "slipway", "settings", "secrets", "venv"];

/** What a release is called: by all that is in it, so that another one never takes its folder. */
export function releaseOf(files: readonly ExportedFile[]): string {
  return digestOf(files).slice(0, 12);
}

/** Where a release is, below the folder of its application. */
export function releaseFolder(root: string, release: string): string {
  return `${root}/releases/${release}`;
}

/** An application in the folder of its release, so that it can be tried while the release before is served. */
export function released(placed: PlacedApp, release: string): PlacedApp {
  const { root } = placed.placement;
  const folder = releaseFolder(root, release);
  const moved: Places = new Map(OF_A_RELEASE.map((name) => [`${root}/${name}`, `${folder}/${name}`]));
  const files = (all: readonly ExportedFile[]) =>
    all.map((file) =>
      // Code is bytes, and names no place of a host.
      typeof file.content === "string" ? { ...file, content: relocated(file.content, moved) } : file,
    );
  return {
    ...placed,
    placement: { ...placed.placement, root: folder },
    places: new Map([...placed.places].map(([from, to]) => [from, relocated(to, moved)])),
    environment: Object.fromEntries(
      Object.entries(placed.environment).map(([name, value]) => [name, relocated(value, moved)]),
    ),
    files: files(placed.files),
    secrets: files(placed.secrets),
  };
}
