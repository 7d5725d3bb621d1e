import { expectTypeOf, test } from "vitest";
import { Cidr } from "../../modules/values/cidr.ts";
import { Duration, type DurationText } from "../../modules/values/duration.ts";
import { Hostname } from "../../modules/values/hostname.ts";
import { Image } from "../../modules/values/image.ts";
import { Name } from "../../modules/values/name.ts";
import { Port } from "../../modules/values/port.ts";
import { Secret } from "../../modules/values/secret.ts";
import type { SecretSource } from "../../modules/values/secret-source.ts";
import { Size, type SizeText } from "../../modules/values/size.ts";

const count: number = 3;

test("sizes are written with a binary unit", () => {
  expectTypeOf(Size.of("2 GiB")).toEqualTypeOf<Size>();
  Size.of(`${count} MiB`);
  Size.of(Size.mebibytes(512));
  expectTypeOf<"2 Gib">().not.toExtend<SizeText>();
  // @ts-expect-error the unit is GiB
  Size.of("2 Gib");
  // @ts-expect-error megabytes are ambiguous
  Size.of("512 MB");
  // @ts-expect-error a unit is missing
  Size.of("512");
  // @ts-expect-error a number has no unit
  Size.of(512);
  // @ts-expect-error the space is missing
  Size.of("512MiB");
});

test("durations are written with a unit in words", () => {
  expectTypeOf(Duration.of("1 day")).toEqualTypeOf<Duration>();
  Duration.of("6 hours");
  Duration.of(`${count} seconds`);
  expectTypeOf<"500 milliseconds">().toExtend<DurationText>();
  // @ts-expect-error no such unit
  Duration.of("1 fortnight");
  // @ts-expect-error seconds are written out
  Duration.of("30s");
  // @ts-expect-error a number has no unit
  Duration.of(30);
});

test("ports are numbers", () => {
  expectTypeOf(Port.of(8080).number).toEqualTypeOf<number>();
  // @ts-expect-error text is parsed with Port.parse
  Port.of("8080");
});

test("hostnames, networks, names and images are text", () => {
  // @ts-expect-error not a number
  Hostname.of(127);
  // @ts-expect-error not a number
  Cidr.of(10);
  // @ts-expect-error a name is required
  Name.of(undefined);
  // @ts-expect-error not a list
  Image.of(["debian:13"]);
});

test("no value stands in for another", () => {
  // @ts-expect-error a duration is no size
  Size.of(Duration.of("1 day"));
  // @ts-expect-error the same members do not make a name
  expectTypeOf<Name>(Hostname.of("shop"));
  // @ts-expect-error an object of the same shape is no size
  const size: Size = { ...Size.of("1 B") };
  expectTypeOf(size).toEqualTypeOf<Size>();
  expectTypeOf<Hostname>().not.toExtend<Name>();
  expectTypeOf<Port>().not.toExtend<Size>();
});

test("values are immutable and made by their factories", () => {
  // @ts-expect-error readonly
  Size.of("1 B").bytes = 2;
  // @ts-expect-error readonly
  Port.of(80).number = 81;
  // @ts-expect-error private constructor
  new Duration(5);
});

test("secrets are described by where they come from", () => {
  const password = Secret.generated("db-password", { length: 32 });
  expectTypeOf(password.source).toEqualTypeOf<SecretSource>();
  expectTypeOf(Secret.text("db-url")`postgres://shop:${password}@db/shop`).toEqualTypeOf<Secret>();
  // @ts-expect-error a command is a list, not a shell line
  Secret.fromCommand("key", "pass show key");
  // @ts-expect-error a command has a program
  Secret.fromCommand("key", []);
  // @ts-expect-error a secret holds no value
  password.value;
  // @ts-expect-error numbers are not composed
  Secret.text("db-url")`${password}:${5432}`;
});
