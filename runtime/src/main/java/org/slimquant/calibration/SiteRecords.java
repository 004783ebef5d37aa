package org.slimquant.calibration;

import static org.slimquant.calibration.StatisticsReader.require;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.calibration.SumRecords.Count;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.format.SignRequest;
import org.slimquant.plan.Origin;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.QuantizationPlan.Kind;

/** The sites in a {@link StatisticsFile}. */
final class SiteRecords {

  /** The smallest number of bytes of a site. */
  static final int FEWEST_BYTES = 3 * Short.BYTES + Short.BYTES + 3 * Integer.BYTES + 1;

  // The smallest number of bytes of each.
  private static final int CHANNEL_BYTES = 2 * Float.BYTES + 2 * Integer.BYTES;
  private static final int BIN_BYTES = Integer.BYTES + Long.BYTES;

  private SiteRecords() {}

  static void write(SiteStatistics site, DataOutputStream out) throws IOException {
    out.writeUTF(site.name());
    out.writeUTF(site.kind().name());
    out.writeUTF(site.tensor());
    write(site.request(), out);
    write(site.origin(), out);
    out.writeInt(site.channels().size());
    for (Histogram channel : site.channels()) {
      out.writeFloat(channel.min());
      out.writeFloat(channel.max());
      out.writeInt(channel.grid());
      int[] bins = channel.bins();
      long[] counts = channel.counts();
      out.writeInt(bins.length);
      for (int i = 0; i < bins.length; i++) {
        out.writeInt(bins[i]);
        out.writeLong(counts[i]);
      }
    }
  }

  private static void write(FormatRequest request, DataOutputStream out) throws IOException {
    if (request instanceof FixedPoint fixed) {
      out.writeUTF("fixed");
      out.writeInt(fixed.bits());
      out.writeBoolean(fixed.signed());
      out.writeInt(fixed.frac());
    } else if (request instanceof PerChannel channels) {
      out.writeUTF("channels");
      out.writeInt(channels.bits());
      out.writeInt(channels.fracs().size());
      for (int frac : channels.fracs()) {
        out.writeInt(frac);
      }
    } else if (request instanceof Calibrated calibrated) {
      out.writeUTF("calibrated");
      out.writeInt(calibrated.bits());
      out.writeUTF(calibrated.sign().name());
      out.writeBoolean(calibrated.perChannel());
    }
  }

  private static void write(Optional<Origin> known, DataOutputStream out) throws IOException {
    out.writeBoolean(known.isPresent());
    if (known.isEmpty()) {
      return;
    }
    Origin origin = known.get();
    out.writeUTF(origin.weights().map(Weights::name).orElse(""));
    out.writeBoolean(origin.weights().map(Weights::constant).orElse(false));
    out.writeInt(origin.ops().size());
    for (String op : origin.ops()) {
      out.writeUTF(op);
    }
    out.writeInt(origin.shape().size());
    for (long dimension : origin.shape()) {
      out.writeLong(dimension);
    }
  }

  static SiteStatistics read(DataInputStream in, Count count) throws IOException {
    String name = in.readUTF();
    require(!name.isBlank(), "a site must have a name, but its name is blank");
    Kind kind = kind(name, in.readUTF());
    String tensor = in.readUTF();
    try {
      FormatRequest request = readRequest(in, count);
      Optional<Origin> origin = readOrigin(in, count);
      List<Histogram> channels = new ArrayList<>();
      for (int left = count.of("channels", CHANNEL_BYTES); left > 0; left--) {
        channels.add(readHistogram(in, count));
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
        "the kind of site %s must be KERNEL, OUTPUT, INPUT or SUM, but is %s"
            .formatted(site, name));
  }

  private static void checkChannels(SiteStatistics site) {
    boolean perChannel = site.request().perChannel();
    int count = site.channels().size();
    require(count > 0, "a site must have a histogram, but has none");
    require(
        !perChannel || site.kind() == Kind.KERNEL,
        "only a kernel must have channels, but this is of kind %s".formatted(site.kind()));
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

  private static Histogram readHistogram(DataInputStream in, Count count) throws IOException {
    float min = in.readFloat();
    float max = in.readFloat();
    int grid = in.readInt();
    int[] bins = new int[count.of("bins", BIN_BYTES)];
    long[] counts = new long[bins.length];
    for (int i = 0; i < bins.length; i++) {
      bins[i] = in.readInt();
      counts[i] = in.readLong();
    }
    Histogram histogram = new Histogram(bins, counts, min, max, grid);
    HistogramCheck.check(histogram);
    return histogram;
  }

  private static FormatRequest readRequest(DataInputStream in, Count count) throws IOException {
    String type = in.readUTF();
    int bits = in.readInt();
    return switch (type) {
      case "fixed" -> {
        boolean signed = in.readBoolean();
        yield new FixedPoint(bits, in.readInt(), signed);
      }
      case "channels" -> {
        int[] fracs = new int[count.of("exponents", Integer.BYTES)];
        for (int i = 0; i < fracs.length; i++) {
          fracs[i] = in.readInt();
        }
        yield PerChannel.of(bits, fracs);
      }
      case "calibrated" -> {
        SignRequest sign = sign(in.readUTF());
        yield new Calibrated(bits, sign, in.readBoolean());
      }
      default ->
          throw new IllegalArgumentException(
              "a request must be fixed, channels or calibrated, but is " + type);
    };
  }

  private static SignRequest sign(String name) {
    for (SignRequest sign : SignRequest.values()) {
      if (sign.name().equals(name)) {
        return sign;
      }
    }
    throw new IllegalArgumentException(
        "a sign must be CALIBRATED, SIGNED or UNSIGNED, but is " + name);
  }

  private static Optional<Origin> readOrigin(DataInputStream in, Count count) throws IOException {
    if (!in.readBoolean()) {
      return Optional.empty();
    }
    String name = in.readUTF();
    boolean constant = in.readBoolean();
    List<String> ops = new ArrayList<>();
    for (int left = count.of("ops", Short.BYTES); left > 0; left--) {
      ops.add(in.readUTF());
    }
    List<Long> shape = new ArrayList<>();
    for (int left = count.of("dimensions", Long.BYTES); left > 0; left--) {
      shape.add(in.readLong());
    }
    return Optional.of(
        new Origin(
            name.isEmpty() ? Optional.empty() : Optional.of(new Weights(name, constant)),
            ops,
            shape));
  }
}
