package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.runtime.layer.GridOrigin;

/** Statistics that one process writes and another reads. */
final class StatisticsFileTest {

  private static final CalibrationStatistics STATISTICS =
      new CalibrationStatistics(
          List.of(
              site("a/SlimQuant/x", Kind.INPUT, FixedPoint.unsigned(8, -7), Histogram.EMPTY),
              site(
                  "a/SlimQuant/kernel",
                  Kind.KERNEL,
                  PerChannel.of(8, -7, -5),
                  Histogram.of(1, 2, 2, -3e30f),
                  Histogram.of(0)),
              site(
                  "a/SlimQuant/output",
                  Kind.OUTPUT,
                  Calibrated.unsigned(4),
                  Histogram.of(0.1f, 0.2f))),
          List.of(
              new SumStatistics(
                  "a/SlimQuant/bias",
                  List.of("a/SlimQuant/kernel"),
                  Optional.of(
                      new GridOrigin(List.of(-7, -3), List.of("a/SlimQuant/x"), List.of(6f))),
                  List.of(0.35, 1e-30),
                  Optional.of("a/SlimQuant/output")),
              new SumStatistics(
                  "c/SlimQuant/bias", List.of(), Optional.empty(), List.of(), Optional.empty())),
          List.of(new Remark("b/SlimQuant/x", "is a/SlimQuant/output")),
          12);

  private Path directory;
  private Path file;

  @BeforeEach
  void nameFile(@TempDir Path temporary) {
    directory = temporary;
    file = directory.resolve("part1.calibration");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    STATISTICS.write(file);
    STATISTICS.write(file);
    CalibrationStatistics read = CalibrationStatistics.read(file);

    assertThat(read.sites()).isEqualTo(STATISTICS.sites());
    assertThat(read.sums()).isEqualTo(STATISTICS.sums());
    assertThat(read.remarks()).isEqualTo(STATISTICS.remarks());
    assertThat(read.batches()).isEqualTo(12);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void truncatedOrChangedAnywhere() throws IOException {
    STATISTICS.write(file);
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      Files.write(file, Arrays.copyOf(bytes, i));
      assertIsDamaged();
      byte[] changed = bytes.clone();
      changed[i] ^= 0x40;
      Files.write(file, changed);
      assertIsDamaged();
    }
  }

  @Test
  void anotherVersion() throws IOException {
    CRC32 checksum = new CRC32();
    try (DataOutputStream out =
        new DataOutputStream(new CheckedOutputStream(Files.newOutputStream(file), checksum))) {
      out.writeUTF("SlimQuant calibration 2");
      out.writeLong(checksum.getValue());
    }

    IOException thrown = assertThrows(IOException.class, () -> CalibrationStatistics.read(file));

    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            file
                + ": statistics must begin with \"SlimQuant calibration 4\", but begin with"
                + " \"SlimQuant calibration 2\"; use one version of SlimQuant");
  }

  private void assertIsDamaged() {
    IOException thrown = assertThrows(IOException.class, () -> CalibrationStatistics.read(file));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo(
            file + " must be the statistics of a calibration, but is damaged or another file");
  }

  private static SiteStatistics site(
      String name, Kind kind, FormatRequest request, Histogram... channels) {
    return new SiteStatistics(name, kind, "x:0", request, List.of(channels));
  }

  @Test
  void permissionsOfAnyNewFile(@TempDir Path folder) throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    Path written = folder.resolve("statistics");
    Path other = Files.createFile(folder.resolve("other"));

    STATISTICS.write(written);

    assertThat(Files.getPosixFilePermissions(written))
        .isEqualTo(Files.getPosixFilePermissions(other));
  }
}
