package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.TinyModel;
import org.slimquant.model.testing.Variety;

/** Tests the contents of a model's file. */
final class ModelFileTest {

  private static final Path NAME = Path.of("model.bin");

  private final Path directory;

  ModelFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void everyOp() throws IOException {
    Path file = directory.resolve("model");

    TinyModel.model().write(file);

    assertThat(IntegerModel.read(file)).isEqualTo(TinyModel.model());
  }

  @Test
  void randomModels() throws IOException {
    for (long seed = 0; seed < 300; seed++) {
      Variety variety = seed % 2 == 0 ? Variety.any() : Variety.any().withManyEnds();
      IntegerModel model = RandomModel.of(seed, variety);
      byte[] bytes = ModelWriter.bytes(model);
      assertWithMessage("seed %s", seed)
          .that(ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT))
          .isEqualTo(model);
      assertWithMessage("seed %s", seed)
          .that(ModelWriter.bytes(RandomModel.of(seed, variety)))
          .isEqualTo(bytes);
    }
  }

  @Test
  void bytesOfTheFile() {
    assertThat(HexFormat.of().formatHex(ModelWriter.bytes(tiny())))
        .isEqualTo(
            // Magic, version, checksum.
            "0d534c4d51"
                + "1003"
                + "1d5116553a"
                + "2250"
                // Name, then the tensors.
                + "0a016d"
                + "120c"
                + "0a0178"
                + "120102"
                + "1808"
                + "2007"
                + "2801"
                + "120c"
                + "0a0179"
                + "120101"
                + "1810"
                + "2006"
                + "2800"
                // The op: name, input 0, clamped to 0 .. 65535; a dense layer of kernel 0 and bias
                // 0.
                + "2212"
                + "0a0164"
                + "120100"
                + "1800"
                + "20feff07"
                + "3a04"
                + "1800"
                + "2000"
                // The kernel: shape, bits, signed, exponent, codes.
                + "2a11"
                + "0a020201"
                + "1009"
                + "1801"
                + "22010b"
                + "2a0401ff0200"
                // The bias.
                + "3203"
                + "0a0105"
                // One input; the output is tensor 1.
                + "3801"
                + "420101");
  }

  @Test
  void fileOfVersion2() throws IOException {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                // Magic, version, checksum.
                "0d534c4d51"
                    + "1002"
                    + "1d3cc04542"
                    + "224d"
                    // Name, then the tensors.
                    + "0a016d"
                    + "120c"
                    + "0a0178"
                    + "120102"
                    + "1808"
                    + "2007"
                    + "2801"
                    + "120c"
                    + "0a0179"
                    + "120101"
                    + "1810"
                    + "2006"
                    + "2800"
                    // The output is tensor 1.
                    + "1801"
                    // The op: name, input 0, clamped to 0 .. 65535; a dense layer of kernel 0 and
                    // bias
                    // 0.
                    + "2212"
                    + "0a0164"
                    + "120100"
                    + "1800"
                    + "20feff07"
                    + "3a04"
                    + "1800"
                    + "2000"
                    // The kernel: shape, bits, signed, exponent, codes.
                    + "2a11"
                    + "0a020201"
                    + "1009"
                    + "1801"
                    + "22010b"
                    + "2a0401ff0200"
                    // The bias.
                    + "3203"
                    + "0a0105");

    assertThat(ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT)).isEqualTo(tiny());
  }

  @Test
  void fileOfVersion1() throws IOException {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                // Magic, version, checksum.
                "0d534c4d51"
                    + "1001"
                    + "1deb5c2723"
                    + "2247"
                    // Name, then the tensors.
                    + "0a016d"
                    + "120c"
                    + "0a0178"
                    + "120102"
                    + "1808"
                    + "2007"
                    + "2801"
                    + "120c"
                    + "0a0179"
                    + "120101"
                    + "1810"
                    + "2006"
                    + "2800"
                    // The output is tensor 1.
                    + "1801"
                    // The op: name, input 0, clamped to 0 .. 65535.
                    + "2224"
                    + "0a0164"
                    + "120100"
                    + "1800"
                    + "20feff07"
                    // A dense layer: shape, bits, signed, exponent, codes, bias.
                    + "3a16"
                    + "0a14"
                    + "0a020201"
                    + "1009"
                    + "1801"
                    + "22010b"
                    + "2a0401ff0200"
                    + "320105");

    assertThat(ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT)).isEqualTo(tiny());
  }

  private static IntegerModel tiny() {
    IntegerTensor x = new IntegerTensor("x", List.of(2), FixedPoint.signed(8, -4));
    IntegerTensor y = new IntegerTensor("y", List.of(1), FixedPoint.unsigned(16, 3));
    return new IntegerModel(
        "m",
        x,
        y,
        List.of(
            new Dense(
                "d",
                x,
                Kernel.of(List.of(2, 1), FixedPoint.signed(9, -6), -255, 2),
                Codes.of(-3),
                CodeRange.relu(y.format()),
                y)));
  }

  @Test
  void hostileNames() throws IOException {
    for (String name :
        List.of(" ", "*/ \" \\ \n\0", "int", "größe/层:0", "\uD83D\uDE00", "x".repeat(10_000))) {
      IntegerTensor x = new IntegerTensor(name, List.of(), FixedPoint.signed(8, 0));
      IntegerTensor y = new IntegerTensor(name + "'", List.of(), FixedPoint.signed(8, 0));
      IntegerModel model = new IntegerModel(name, x, y, List.of(new Reshape(name, x, y)));
      assertThat(ModelReader.parse(NAME, ModelWriter.bytes(model), ModelLimits.DEFAULT))
          .isEqualTo(model);
    }
  }

  @Test
  void noLeftoversInTheDirectory() throws IOException {
    Path file = directory.resolve("model");
    RandomModel.of(1).write(file);

    TinyModel.model().write(file);

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(IntegerModel.read(file)).isEqualTo(TinyModel.model());
  }
}
