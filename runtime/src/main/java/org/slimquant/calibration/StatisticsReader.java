package org.slimquant.calibration;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;

/**
 * Reads the statistics that {@link StatisticsFile} wrote: all of them, or none with an error.
 *
 * <p>A checksum finds damage, but a file may have a good one and still hold statistics that no
 * calibration can have seen. So every number is checked, and memory is allocated only for entries
 * that the file has bytes for, never by a size that it claims.
 */
final class StatisticsReader {

  /** The largest number of bytes of a file. */
  static final int MAX_BYTES = 1 << 30;

  /** The smallest number of bytes of a remark. */
  private static final int REMARK_BYTES = 2 * Short.BYTES;

  private final DataInputStream in;

  private StatisticsReader(byte[] bytes, int size) {
    in = new DataInputStream(new ByteArrayInputStream(bytes, 0, size));
  }

  /**
   * Returns the statistics in {@code file}.
   *
   * @throws IOException if it cannot be read, is damaged, is another file, or has statistics that
   *     no calibration makes
   */
  static CalibrationStatistics read(Path file) throws IOException {
    byte[] bytes = bytes(file);
    int size = bytes.length - Long.BYTES;
    if (size < 0 || ByteBuffer.wrap(bytes).getLong(size) != StatisticsFile.checksum(bytes, size)) {
      throw new IOException(
          "%s must be the statistics of a calibration, but is damaged or another file"
              .formatted(file));
    }
    try {
      return new StatisticsReader(bytes, size).statistics();
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException("%s: %s".formatted(file, reason(e)), e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(
            "%s must have at most %d bytes, but has more".formatted(file, MAX_BYTES));
      }
      return bytes;
    }
  }

  private static String reason(Exception e) {
    return e instanceof IllegalArgumentException
        ? String.valueOf(e.getMessage())
        : "statistics must be whole, but are cut off or have bytes that are no text";
  }

  private CalibrationStatistics statistics() throws IOException {
    String header = in.readUTF();
    require(
        header.equals(StatisticsFile.HEADER),
        "statistics must begin with \"%s\", but begin with \"%s\"; use one version of SlimQuant"
            .formatted(StatisticsFile.HEADER, header));
    long batches = in.readLong();
    require(
        batches >= 0, "the number of batches must not be negative, but is %d".formatted(batches));
    Map<String, SiteStatistics> sites = new LinkedHashMap<>();
    for (int left = count("sites", SiteRecords.FEWEST_BYTES); left > 0; left--) {
      SiteStatistics site = SiteRecords.read(in, this::count);
      require(
          sites.put(site.name(), site) == null,
          "site %s must be there once, but is twice".formatted(site.name()));
    }
    List<SumStatistics> sums = new ArrayList<>();
    for (int left = count("sums", SumRecords.FEWEST_BYTES); left > 0; left--) {
      SumStatistics sum = SumRecords.read(in, this::count);
      sum.kernels().forEach(kernel -> checkKernel(sum, kernel, sites.get(kernel)));
      sums.add(sum);
    }
    List<Remark> remarks = new ArrayList<>();
    for (int left = count("remarks", REMARK_BYTES); left > 0; left--) {
      remarks.add(new Remark(in.readUTF(), in.readUTF()));
    }
    require(in.available() == 0, "statistics must end with their remarks, but go on");
    return new CalibrationStatistics(List.copyOf(sites.values()), sums, remarks, batches);
  }

  private static void checkKernel(SumStatistics sum, String kernel, @Nullable SiteStatistics site) {
    if (site == null || site.kind() != Kind.KERNEL) {
      throw new IllegalArgumentException(
          "the sum with %s must have kernels that are sites, but has %s"
              .formatted(sum.bias(), kernel));
    }
    int count = sum.magnitudes().size();
    require(
        count <= 1 || site.count() == 0 || count == site.channels().size(),
        "%s must have a magnitude for each channel of %s, but has %d"
            .formatted(sum.bias(), kernel, count));
  }

  /** Reads the number of entries that follow, each of which must have a given number of bytes. */
  private int count(String things, int bytesEach) throws IOException {
    int count = in.readInt();
    require(
        count >= 0 && (long) count * bytesEach <= in.available(),
        "the number of %s must fit to the bytes that follow, but is %d with %d bytes"
            .formatted(things, count, in.available()));
    return count;
  }

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
