package org.slimquant.calibration;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.slimquant.io.AtomicFile;
import org.slimquant.plan.QuantizationPlan.Remark;

/**
 * Writes the file by which processes exchange their statistics, for {@link StatisticsReader} of the
 * same version of this library. Numbers are big-endian, strings as {@link
 * DataOutputStream#writeUTF} writes them.
 *
 * <pre>{@code
 * "SlimQuant calibration 4", long batches, int sites
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
 * bits, int n, n times int frac}, or {@code "calibrated", int bits, sign, boolean perChannel}. An
 * origin is {@code boolean known}, and if it is, the name of the weights, empty if they have none,
 * {@code boolean constant}, the ops and the shape, each after its number. The origin of a sum is
 * three lists, of ints, strings and floats, each after its size.
 */
final class StatisticsFile {

  static final String HEADER = "SlimQuant calibration 4";

  private StatisticsFile() {}

  static void write(CalibrationStatistics statistics, Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(HEADER);
    out.writeLong(statistics.batches());
    out.writeInt(statistics.sites().size());
    for (SiteStatistics site : statistics.sites()) {
      SiteRecords.write(site, out);
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

  static long checksum(byte[] bytes, int size) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, size);
    return checksum.getValue();
  }
}
