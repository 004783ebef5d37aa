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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.Origin;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;

/**
 * Reads the statistics that {@link StatisticsFile} wrote: all of them, or none with an error.
 *
 * <p>A checksum finds damage, but a file may have a good one and still hold what no calibration can
 * have seen. So every number is checked, and nothing is allocated by a size that the file claims,
 * only by what it has bytes for.
 */
final class StatisticsReader {

  /** The most bytes of a file. */
  static final int MAX_BYTES = 1 << 30;

  // The fewest bytes of each.
  private static final int SITE_BYTES = 3 * Short.BYTES + Short.BYTES + 3 * Integer.BYTES + 1;
  private static final int CHANNEL_BYTES = 2 * Float.BYTES + 2 * Integer.BYTES;
  private static final int BIN_BYTES = Integer.BYTES + Long.BYTES;
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
    for (int left = count("sites", SITE_BYTES); left > 0; left--) {
      SiteStatistics site = site();
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

  private SiteStatistics site() throws IOException {
    String name = in.readUTF();
    require(!name.isBlank(), "a site must have a name, but its name is blank");
    Kind kind = kind(name, in.readUTF());
    String tensor = in.readUTF();
    try {
      FormatRequest request = request();
      Optional<Origin> origin = origin();
      List<Histogram> channels = new ArrayList<>();
      for (int left = count("channels", CHANNEL_BYTES); left > 0; left--) {
        channels.add(histogram());
      }
      SiteStatistics site = new SiteStatistics(name, kind, tensor, request, origin, channels);
      checkChannels(site);
      return site;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("site %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static Kind kind(String site, String name) {
    for (Kind kind : Kind.values()) {
      // A bias is not observed: its format follows from others.
      if (kind != Kind.BIAS && kind.name().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "the kind of site %s must be KERNEL, OUTPUT or INPUT, but is %s".formatted(site, name));
  }

  private static void checkChannels(SiteStatistics site) {
    boolean perChannel = site.request().perChannel();
    int count = site.channels().size();
    require(count > 0, "a site must have a histogram, but has none");
    require(
        !perChannel || site.kind() == Kind.KERNEL,
        "only a kernel must have channels, but this is of kind %s".formatted(site.kind()));
    require(
        !perChannel || site.request().signed(),
        "a kernel with channels must be signed, but is not");
    require(
        perChannel || count == 1,
        "a site with one exponent must have one histogram, but has %d".formatted(count));
    require(
        !(site.request() instanceof PerChannel format)
            || site.count() == 0
            || format.fracs().size() == count,
        "a site must have a histogram for each exponent of %s, but has %d"
            .formatted(site.request(), count));
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

  private Histogram histogram() throws IOException {
    float min = in.readFloat();
    float max = in.readFloat();
    int grid = in.readInt();
    int[] bins = new int[count("bins", BIN_BYTES)];
    long[] counts = new long[bins.length];
    for (int i = 0; i < bins.length; i++) {
      bins[i] = in.readInt();
      counts[i] = in.readLong();
    }
    Histogram histogram = new Histogram(bins, counts, min, max, grid);
    HistogramCheck.check(histogram);
    return histogram;
  }

  private FormatRequest request() throws IOException {
    String type = in.readUTF();
    int bits = in.readInt();
    return switch (type) {
      case "fixed" -> {
        boolean signed = in.readBoolean();
        yield new FixedPoint(bits, in.readInt(), signed);
      }
      case "channels" -> {
        int[] fracs = new int[count("exponents", Integer.BYTES)];
        for (int i = 0; i < fracs.length; i++) {
          fracs[i] = in.readInt();
        }
        yield PerChannel.of(bits, fracs);
      }
      case "calibrated" -> new Calibrated(bits, in.readBoolean(), in.readBoolean());
      default ->
          throw new IllegalArgumentException(
              "a request must be fixed, channels or calibrated, but is " + type);
    };
  }

  private Optional<Origin> origin() throws IOException {
    if (!in.readBoolean()) {
      return Optional.empty();
    }
    String name = in.readUTF();
    boolean constant = in.readBoolean();
    List<String> ops = new ArrayList<>();
    for (int left = count("ops", Short.BYTES); left > 0; left--) {
      ops.add(in.readUTF());
    }
    List<Long> shape = new ArrayList<>();
    for (int left = count("dimensions", Long.BYTES); left > 0; left--) {
      shape.add(in.readLong());
    }
    return Optional.of(
        new Origin(
            name.isEmpty() ? Optional.empty() : Optional.of(new Weights(name, constant)),
            ops,
            shape));
  }

  /** Reads how many things follow, for each of which there must be so many bytes. */
  private int count(String things, int bytesEach) throws IOException {
    int count = in.readInt();
    require(
        count >= 0 && (long) count * bytesEach <= in.available(),
        "the number of %s must fit to the bytes that follow, but is %d with %d bytes"
            .formatted(things, count, in.available()));
    return count;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
