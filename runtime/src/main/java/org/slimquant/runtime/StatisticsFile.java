package org.slimquant.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Remark;

/**
 * The file by which processes exchange what they observed, written and read by one version of this
 * library. Numbers are big-endian, strings as {@link DataOutputStream#writeUTF} writes them.
 *
 * <pre>{@code
 * "SlimQuant calibration 2", long batches, int sites
 *   each site: name, kind, tensor, request, int channels
 *     each channel: float min, float max, int grid, int bins
 *       each bin that is not empty: int bin, long count
 * int remarks
 *   each remark: site, text
 * long CRC-32 of all this
 * }</pre>
 *
 * <p>A request is {@code "fixed", int bits, boolean signed, int frac}, or {@code "channels", int
 * bits, int n, n times int frac}, or {@code "calibrated", int bits, boolean signed, boolean
 * perChannel}.
 */
final class StatisticsFile {

  private static final String HEADER = "SlimQuant calibration 2";

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

  static CalibrationStatistics read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int size = bytes.length - Long.BYTES;
    if (size < 0 || ByteBuffer.wrap(bytes).getLong(size) != checksum(bytes, size)) {
      throw new IOException(
          "%s must be the statistics of a calibration, but is damaged or another file"
              .formatted(file));
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, size));
    String header = in.readUTF();
    if (!header.equals(HEADER)) {
      throw new IOException(
          "%s must begin with \"%s\", but begins with \"%s\"; use one version of SlimQuant"
              .formatted(file, HEADER, header));
    }
    long batches = in.readLong();
    int count = in.readInt();
    List<SiteStatistics> sites = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sites.add(readSite(in));
    }
    int remarkCount = in.readInt();
    List<Remark> remarks = new ArrayList<>();
    for (int i = 0; i < remarkCount; i++) {
      remarks.add(new Remark(in.readUTF(), in.readUTF()));
    }
    return new CalibrationStatistics(sites, remarks, batches);
  }

  private static SiteStatistics readSite(DataInputStream in) throws IOException {
    String name = in.readUTF();
    Kind kind = Kind.valueOf(in.readUTF());
    String tensor = in.readUTF();
    FormatRequest request = readRequest(in);
    int count = in.readInt();
    List<Histogram> channels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float min = in.readFloat();
      float max = in.readFloat();
      int grid = in.readInt();
      int[] bins = new int[in.readInt()];
      long[] counts = new long[bins.length];
      for (int j = 0; j < bins.length; j++) {
        bins[j] = in.readInt();
        counts[j] = in.readLong();
      }
      channels.add(new Histogram(bins, counts, min, max, grid));
    }
    return new SiteStatistics(name, kind, tensor, request, channels);
  }

  private static FormatRequest readRequest(DataInputStream in) throws IOException {
    String type = in.readUTF();
    int bits = in.readInt();
    return switch (type) {
      case "fixed" -> {
        boolean signed = in.readBoolean();
        yield new FixedPoint(bits, in.readInt(), signed);
      }
      case "channels" -> {
        int[] fracs = new int[in.readInt()];
        for (int i = 0; i < fracs.length; i++) {
          fracs[i] = in.readInt();
        }
        yield PerChannel.of(bits, fracs);
      }
      default -> new Calibrated(bits, in.readBoolean(), in.readBoolean());
    };
  }

  private static long checksum(byte[] bytes, int size) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, size);
    return checksum.getValue();
  }
}
