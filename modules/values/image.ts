import { InvalidValue } from "./invalid-value.ts";

/** The grammar of distribution/reference, which Docker uses; of the digests only sha256, which registries serve. */
const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const REGISTRY = "(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]+)?/)?";
const REFERENCE = new RegExp(
  `^(${REGISTRY}${COMPONENT}(?:/${COMPONENT})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
);
/** Docker takes these for the id of an image on one machine, which no other machine can pull. */
const IMAGE_ID = /^(?:sha256:|[0-9a-f]{64}(?![^:@]))/;
const LONGEST_REPOSITORY = 255;

/** A container image that stays what it was tested as: `Image.of("debian:trixie-slim")`, or with a digest. */
export class Image {
  /** Keeps other classes with the same members from being taken for an image. */
  protected declare readonly brand: "Image";
  /** Registry, where one is named, and path: "debian", "registry.example.org:5000/team/shop". */
  readonly repository: string;
  readonly tag: string | undefined;
  /** "sha256:" and 64 hexadecimal digits. */
  readonly digest: string | undefined;

  private constructor(repository: string, tag: string | undefined, digest: string | undefined) {
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
    Object.freeze(this);
  }

  /**
   * Takes an image as it is, or parses its text.
   *
   * @throws InvalidValue for malformed text, without tag and digest, and for the tag "latest", even with a digest:
   * it says nothing about the image, and changes under whoever drops the digest.
   */
  static of(image: Image | string): Image {
    if (image instanceof Image) return image;
    const [repository, tag, digest] = split(image);
    if (IMAGE_ID.test(image))
      throw refusal(image, "Write the repository and a tag or digest instead of an image id");
    if (repository === undefined) throw refusal(image, mend(image));
    if (tag === "latest" && digest !== undefined) throw refusal(image, `Write "${repository}@${digest}"`);
    if (tag === "latest")
      throw refusal(image, `Replace "latest" by the version that you tested: "${repository}:VERSION"`);
    if (tag === undefined && digest === undefined) {
      throw refusal(image, `Add the version that you tested: "${repository}:VERSION"`);
    }
    return new Image(repository, tag, digest);
  }

  /** Whether a digest pins the content; a tag alone can be moved by whoever owns the repository. */
  get isPinned(): boolean {
    return this.digest !== undefined;
  }

  /** The reference as Docker takes it, which {@link Image.of} reads back. */
  toString(): string {
    const tag = this.tag === undefined ? "" : `:${this.tag}`;
    return `${this.repository}${tag}${this.digest === undefined ? "" : `@${this.digest}`}`;
  }
}

function refusal(got: string, fix: string): InvalidValue {
  const allowed =
    'a repository with a tag other than "latest" or a sha256 digest, such as "debian:trixie-slim"';
  return new InvalidValue({ what: "image", got, allowed, fix });
}

/** Repository, tag and digest of a reference; nothing when it is none. */
function split(text: string): readonly (string | undefined)[] {
  const [, repository, tag, digest] = REFERENCE.exec(text) ?? [];
  if (repository === undefined || repository.length > LONGEST_REPOSITORY || IMAGE_ID.test(text)) return [];
  return [repository, tag, digest];
}

/** Upper case in the repository, a scheme or spaces around it are what is usually wrong with a reference. */
function mend(text: string): string {
  const mended = text
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/^.*?(?=(?::[^:/@]*)?(?:@.*)?$)/, (repository) => repository.toLowerCase());
  const [repository, tag, digest] = split(mended);
  if (repository === undefined) return 'Write an image such as "debian:trixie-slim"';
  const hasVersion = digest !== undefined || (tag !== undefined && tag !== "latest");
  return hasVersion ? `Write "${mended}"` : `Write "${repository}:VERSION" with the version that you tested`;
}
