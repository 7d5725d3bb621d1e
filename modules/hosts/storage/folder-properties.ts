/** A property of a dataset, zfsprops(7), and why it is set. */
export interface DatasetProperty {
  readonly property: string;
  readonly reason: string;
}

/** What holds for all folders of an application. */
export const COMMON: readonly DatasetProperty[] = [
  { property: "atime=off", reason: "reading writes nothing" },
  {
    property: "xattr=sa",
    reason: "attributes and lists of access beside the file, and not in files of their own",
  },
  { property: "acltype=posix", reason: "what NFS and applications may set is kept" },
  { property: "setuid=off", reason: "no file gives a process the rights of another user" },
  { property: "devices=off", reason: "no file is a device" },
  { property: "exec=off", reason: "no file is run as a program: uploads come from visitors" },
];

const SMALL: readonly DatasetProperty[] = [
  { property: "recordsize=16K", reason: "small files that are written again and again" },
  { property: "compression=lz4", reason: "cheaper than the disk that it saves" },
];
/** By the name of a folder; others are as the pool has it, with {@link COMMON}. */
const FOLDERS: Readonly<Record<string, readonly DatasetProperty[]>> = {
  sessions: SMALL,
  cache: SMALL,
  errors: [
    { property: "recordsize=128K", reason: "tickets are read once, and as a whole" },
    { property: "compression=zstd", reason: "a traceback is text, a tenth of it remains" },
  ],
  uploads: [
    { property: "recordsize=1M", reason: "large files that are written once, and read from their beginning" },
    { property: "compression=lz4", reason: "gives up at once on what is compressed already" },
  ],
};

/** What a folder of this name is set to. */
export const propertiesOf = (folder: string): readonly DatasetProperty[] => FOLDERS[folder] ?? [];
