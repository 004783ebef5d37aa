package org.slimquant.calibration;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.io.AtomicFile;
import org.slimquant.plan.Origin;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.QuantizationPlan.Remark;

/**
 * Writes the file by which processes exchange their statistics, for {@link StatisticsReader} of the
 * same version of this library. Numbers are big-endian, strings as {@link
 * DataOutputStream#writeUTF} writes them.
 *
 * <pre>{@code
 * "SlimQuant calibration 3", long batches, int sites
 *   each site: name, kind, tensor, request, origin, int channels
 *     each channel: float min, float max, int grid, int bins
 *       each bin that is not empty: int bin, long count
 * int sums
 *   each sum: bias, int kernels, each kernel, boolean hasOrigin, origin, int magnitudes,
 *     each magnitude: double; boolean hasOutput, output
 * int remarks
 *   each remark: site, text
 * long CRC-32 of all this
 * }</pre>
 *
 * <p>A request is {@code "fixed", int bits, boolean signed, int frac}, or {@code "channels", int
 * bits, int n, n times int frac}, or {@code "calibrated", int bits, boolean signed, boolean
 * perChannel}. An origin is {@code boolean known}, and if it is, the name of the weights, empty if
 * they have none, {@code boolean constant}, the ops and the shape, each after its number. The
 * origin of a sum is three lists, of ints, strings and floats, each after its size.
 */
final class StatisticsFile {

  static final String HEADER = "SlimQuant calibration 3";

  private StatisticsFile() {}

  static void write(CalibrationStatistics statistics, Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(HEADER);
    out.writeLong(statistics.batches());
    out.writeInt(statistics.sites().size());
    for (SiteStatistics site : statistics.sites()) {
      write(site, out);
    }
    SumRecords.write(statistics.sums(), out);
    out.writeInt(statistics.remarks().size());
    for (Remark remark : statistics.remarks()) {
      out.writeUTF(remark.site());
      out.writeUTF(remark.text());
    }
    out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
    AtomicFile.write(file, bytes.toByteArray());
  }

  private static void write(SiteStatistics site, DataOutputStream out) throws IOException {
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
      out.writeBoolean(calibrated.signed());
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

  static long checksum(byte[] bytes, int size) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, size);
    return checksum.getValue();
  }
}
