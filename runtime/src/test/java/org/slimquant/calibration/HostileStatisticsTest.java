package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.Origin;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.PlanReader;
import org.slimquant.plan.PlanWriter;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.runtime.layer.GridOrigin;

/** Statistics that no calibration has made, under a good checksum. */
final class HostileStatisticsTest {

  private static final int FILES = 4000;
  private static final int[] INTS = {
    0, 1, -1, 2, 17, 300, 16_383, 16_384, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 28
  };
  private static final long[] LONGS = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62};

  private final Path file;

  HostileStatisticsTest(@TempDir Path directory) {
    file = directory.resolve("statistics");
  }

  private static CalibrationStatistics statistics() {
    return new CalibrationStatistics(
        List.of(
            site("in", Kind.INPUT, FixedPoint.unsigned(8, -7), Histogram.EMPTY),
            site("fixed", Kind.KERNEL, PerChannel.of(8, -7, -5), Histogram.of(1, -3), zeros()),
            site("kernel", Kind.KERNEL, Calibrated.perChannel(8), Histogram.of(1, -3), zeros()),
            site("out", Kind.OUTPUT, Calibrated.unsigned(4), Histogram.of(0.1f, 0.2f, -4e-40f))),
        List.of(
            new SumStatistics(
                "bias",
                List.of("kernel"),
                Optional.of(GridOrigin.of("in")),
                List.of(0.5, 1e-30),
                Optional.of("out"))),
        List.of(new Remark("bias", "is missing")),
        12);
  }

  private static Histogram zeros() {
    return Histogram.of(0, 0);
  }

  private static SiteStatistics site(
      String name, Kind kind, FormatRequest request, Histogram... channels) {
    Optional<Origin> origin =
        request instanceof Calibrated
            ? Optional.of(
                new Origin(
                    Optional.of(new Weights("w", false)), List.of("Conv2D"), List.of(3L, -1L)))
            : Optional.empty();
    return new SiteStatistics(name, kind, "x:0", request, origin, List.of(channels));
  }

  @Test
  void changedAnywhere() throws IOException {
    statistics().write(file);
    byte[] good = Files.readAllBytes(file);
    long seed = new Random().nextLong();
    System.out.println("HostileStatisticsTest.changedAnywhere: seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = good.clone();
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
        int at = random.nextInt(bytes.length - 2 * Long.BYTES);
        switch (random.nextInt(3)) {
          case 0 -> bytes[at] = (byte) random.nextInt();
          case 1 -> buffer.putInt(at, INTS[random.nextInt(INTS.length)]);
          default -> buffer.putLong(at, LONGS[random.nextInt(LONGS.length)]);
        }
      }
      Files.write(file, sealed(bytes));
      read += isRead(i) ? 1 : 0;
    }
    assertThat(read).isGreaterThan(0);
    assertThat(read).isLessThan(FILES);
  }

  private static byte[] sealed(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, bytes.length - Long.BYTES);
    ByteBuffer.wrap(bytes).putLong(bytes.length - Long.BYTES, checksum.getValue());
    return bytes;
  }

  private boolean isRead(int number) throws IOException {
    try {
      CalibrationStatistics read = CalibrationStatistics.read(file);
      // All statistics that are read can be used.
      use(read);
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessageThat().startsWith(file.toString());
      return false;
    } catch (RuntimeException | Error e) {
      assertWithMessage("file %s: %s", number, e).fail();
      throw e;
    }
  }

  private void use(CalibrationStatistics read) throws IOException {
    for (String site : read.observed()) {
      read.distribution(site).orElseThrow().count();
    }
    try {
      CalibrationStatistics.merge(read, read);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageThat().contains("must");
    }
    QuantizationPlan plan;
    try {
      plan = read.plan(CalibrationMethod.MIN_MSE);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageThat().contains("must");
      return;
    }
    assertThat(PlanReader.parse(file, PlanWriter.text(plan))).isEqualTo(plan);
  }

  @Test
  void countsThatAreTooManyTogether() {
    Histogram most =
        new Histogram(new int[] {4096}, new long[] {Histogram.MAX_COUNT}, 2.5f, 2.5f, 0);

    assertThat(assertThrows(IllegalArgumentException.class, () -> most.plus(most)))
        .hasMessageThat()
        .isEqualTo(
            "the counts of a histogram must be between 1 and 2305843009213693952, but one is"
                + " 4611686018427387904");
    assertThrows(
        IllegalArgumentException.class,
        () -> site("kernel", Kind.KERNEL, Calibrated.perChannel(8), most, most));
    CalibrationStatistics one =
        new CalibrationStatistics(
            List.of(site("out", Kind.OUTPUT, Calibrated.signed(8), most)), List.of(), List.of(), 1);
    assertThrows(IllegalArgumentException.class, () -> CalibrationStatistics.merge(one, one));
  }

  @Test
  void batchesThatAreTooManyTogether() {
    CalibrationStatistics most =
        new CalibrationStatistics(List.of(), List.of(), List.of(), Long.MAX_VALUE);

    assertThat(
            assertThrows(
                IllegalArgumentException.class, () -> CalibrationStatistics.merge(most, most)))
        .hasMessageThat()
        .startsWith("statistics must have at most 9223372036854775807 batches to be merged");
  }
}
